// How a mail channel is connected to the provider of its mailbox: the browser is sent there, comes back to a page of
// ours, and that page hands over what it brought, under the same guard as every other act.
#include "http/channel_json.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

constexpr TextLimits state_limits{.bytes_min = 1, .bytes_max = 200};
constexpr TextLimits issuer_limits{.bytes_min = 1, .bytes_max = 300};
constexpr TextLimits code_limits{.bytes_min = 1, .bytes_max = 4'096};

std::unexpected<Error> not_here() {
  return fail(ErrorKind::unavailable, "authorisation_unavailable", "This server cannot connect channels.");
}

void write_server(JsonWriter& out, std::string_view name, const std::string& host, std::int64_t port,
                  std::string_view security) {
  out.key(name).begin_object().member("host", host).member("port", port).member("security", security).end_object();
}

Result<net::Response> providers(Call& call) {
  const auto& known = call.api.config.authorisation;
  JsonWriter out;
  out.begin_object().member("redirect_url", known.redirect_url).key("items").begin_array();
  for (const auto& one : known.providers) {
    out.begin_object().member("id", one.id).member("name", one.name);
    write_server(out, "imap", one.imap_host, one.imap_port, "tls");
    write_server(out, "pop3", one.pop3_host, one.pop3_port, "tls");
    write_server(out, "smtp", one.smtp_host, one.smtp_port, "starttls");
    out.end_object();
  }
  out.end_array().end_object();
  return json_response(200, out);
}

Result<net::Response> send_there(Call& call) {
  TRY(const auto id, path_id<ChannelId>(call));
  TRY_STATUS(call.api.database().query(
      [&](store::Session& session) { return intake::load_channel(session, call.actor.workspace, id); }));
  if (!call.api.config.authorisation.begin) return not_here();
  TRY(const auto url, call.api.config.authorisation.begin(call.actor, id));
  JsonWriter out;
  out.begin_object().member("url", url).end_object();
  return json_response(200, out);
}

Result<net::Response> take_back(Call& call) {
  TRY(auto body, read_body(call));
  const auto state = body.need_text("state", state_limits);
  const auto code = body.need_text("code", code_limits);
  const auto issuer = body.text("iss", issuer_limits).value_or("");
  TRY_STATUS(finish_body(call, body));
  if (!call.api.config.authorisation.finish) return not_here();
  TRY(const auto channel, call.api.config.authorisation.finish(call.actor, state, code, issuer));
  JsonWriter out;
  out.begin_object().member("channel_id", channel.id).member("name", channel.name).end_object();
  return json_response(200, out);
}

}  // namespace

void add_authorisation_routes(net::Router& router, ApiContext& api) {
  constexpr auto write = RateClass::write;
  add_route(router, api, {.method = "GET", .path = "/mail-providers", .needs = {"channel", "list"}, .act = providers});
  add_route(router, api,
            {.method = "POST",
             .path = "/channels/{id}/authorisation",
             .needs = {"channel", "authorise"},
             .act = send_there,
             .rate = write});
  add_route(router, api,
            {.method = "POST",
             .path = "/oauth/callback",
             .needs = {"channel", "authorise"},
             .act = take_back,
             .rate = write,
             .body = BodyKind::json});
}

}  // namespace answerable::http
