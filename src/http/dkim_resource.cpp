// GET /channels/{id}/dkim: what the DNS must say so that a channel's signatures can be verified, and what it says now.
#include "base/utf8.h"
#include "http/dkim_json.h"
#include "http/reply.h"
#include "http/routes.h"
#include "intake/channel.h"
#include "mail/address.h"
#include "mail/dkim_record.h"
#include "mail/domain_name.h"

namespace answerable::http {
namespace {

constexpr std::size_t shown_bytes_max = 2'000;  // of one record of the DNS

Result<net::Response> check(Call& call) {
  TRY(const auto id, path_id<ChannelId>(call));
  TRY(const auto channel, call.api.database().query([&](store::Session& session) {
    return intake::load_channel(session, call.actor.workspace, id);
  }));
  const auto dkim = find_dkim(channel.config);
  if (!dkim) return fail(ErrorKind::not_found, "not_signed", "This channel does not sign its mail.");
  TRY(const auto domain, mail::ascii_domain(mail::domain_part(channel.address)));
  const auto name = dkim->selector + "._domainkey." + domain;
  const auto says = call.api.config.find_txt ? call.api.config.find_txt(name) : mail::DnsText{};
  JsonWriter out;
  out.begin_object().member("name", name).member("record", dkim->record);
  out.member("state", to_string(mail::judge_dkim_record(dkim->record, says))).key("found").begin_array();
  for (const auto& one : says.records) out.text(one_line(to_valid_utf8(one), shown_bytes_max));
  out.end_array().end_object();
  return json_response(200, out);
}

}  // namespace

void add_dkim_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/channels/{id}/dkim", .needs = {"channel", "dkim"}, .act = check});
}

}  // namespace answerable::http
