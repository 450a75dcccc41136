// /quarantine: arrivals that could not be used; kept raw, shown, tried again.
#include "http/attachment_headers.h"
#include "http/cursor.h"
#include "http/reply.h"
#include "http/routes.h"
#include "intake/quarantine.h"

namespace answerable::http {
namespace {

constexpr std::string_view quarantine_list = "quarantine";
constexpr int replayed_at_once_max = 50;  // one commit each

void write_quarantined(JsonWriter& out, const Call& call, const intake::Quarantined& entry) {
  const auto channel = call.api.directory.channel(call.actor.workspace, entry.channel);
  out.begin_object().member("id", entry.id).key("channel").begin_object().member("id", entry.channel);
  out.member("name", channel ? std::string_view(channel->name) : std::string_view()).end_object();
  out.member("received_at", entry.received_at).member("quarantined_at", entry.quarantined_at);
  out.member("size", entry.size).member("reason", entry.reason).text_or_null("detail", entry.detail);
  out.text_or_null("from", entry.sender).text_or_null("subject", entry.subject).end_object();
}

// What `q` finds, after `cursor`.
Result<intake::QuarantinePage> find_page(Call& call, int limit) {
  std::optional<SpoolId> before;
  if (const auto cursor = call.request.query_parameter("cursor")) {
    TRY(const auto position, decode_cursor(quarantine_list, *cursor));
    before = SpoolId{position.uuid};
  }
  const auto words = call.request.query_parameter("q").value_or("");
  return call.api.database().query([&](store::Session& session) {
    return intake::search_quarantine(session, call.actor.workspace, std::string(words), before, limit);
  });
}

Result<net::Response> list(Call& call) {
  TRY_STATUS(check_query(call, {"limit", "cursor", "q"}));
  TRY(const auto limit, query_limit(call));
  TRY(const auto page, find_page(call, limit));
  JsonWriter out(4096);
  out.begin_object().key("items").begin_array();
  for (const auto& entry : page.items) write_quarantined(out, call, entry);
  out.end_array().member("total", page.total).member("total_is_exact", true).key("next_cursor");
  if (page.items.size() == static_cast<std::size_t>(limit)) {
    out.text(encode_cursor(quarantine_list, {.uuid = page.items.back().id.uuid}));
  } else {
    out.null();
  }
  out.end_object();
  return json_response(200, out);
}

Result<net::Response> raw(Call& call) {
  TRY(const auto id, path_id<SpoolId>(call));
  TRY_STATUS(call.api.reads.note(call.actor, {.kind = access::ReadKind::raw_mail, .object = id.text()}));
  TRY(auto bytes, intake::read_quarantined_raw(call.api.database(), call.api.parts.blobs, call.actor, id));
  net::Response response;
  response.shared_body = std::make_shared<const std::string>(std::move(bytes));
  add_download_headers(response.headers, id.text() + ".txt", "text/plain");
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Result<net::Response> replay(Call& call) {
  TRY(const auto id, path_id<SpoolId>(call));
  TRY_STATUS(call.api.parts.intake.replay(call.actor, id));
  return no_content();
}

Result<net::Response> release(Call& call) {
  TRY(const auto id, path_id<SpoolId>(call));
  TRY(auto body, read_body(call));
  const auto why = body.need_text("why", {.bytes_min = 1, .bytes_max = intake::release_reason_bytes_max});
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.parts.intake.replay(call.actor, id, intake::Insistence::despite_malware, why));
  return no_content();
}

// For everybody who may wonder where a message is.
Result<net::Response> scanner(Call& call) {
  const auto& down_since = call.api.config.scanner_down_since;
  const auto since = down_since ? down_since() : std::nullopt;
  JsonWriter out;
  out.begin_object().member("configured", static_cast<bool>(down_since)).member("answers", down_since && !since);
  out.key("down_since");
  since ? out.time(*since) : out.null();
  out.end_object();
  return json_response(200, out);
}

// All that `q` finds, in portions: each entry is tried once, however it ends, for what fails again has its old place.
Result<net::Response> replay_all(Call& call) {
  TRY_STATUS(check_query(call, {"cursor", "q"}));
  TRY(const auto page, find_page(call, replayed_at_once_max));
  std::int64_t replayed = 0;
  for (const auto& entry : page.items) {
    const auto status = call.api.parts.intake.replay(call.actor, entry.id);
    if (status) ++replayed;
    // Somebody else was faster: what he wanted happens.
    if (!status && status.error().kind != ErrorKind::not_found) return std::unexpected(status.error());
  }
  JsonWriter out;
  out.begin_object().member("replayed", replayed).key("next_cursor");
  if (page.items.size() == static_cast<std::size_t>(replayed_at_once_max)) {
    out.text(encode_cursor(quarantine_list, {.uuid = page.items.back().id.uuid}));
  } else {
    out.null();
  }
  out.end_object();
  return json_response(200, out);
}

}  // namespace

void add_quarantine_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/quarantine", .needs = {"quarantine", "list"}, .act = list});
  add_route(router, api,
            {.method = "GET", .path = "/quarantine/{id}/raw", .needs = {"quarantine", "read"}, .act = raw});
  add_route(router, api,
            {.method = "POST",
             .path = "/quarantine/{id}/replay",
             .needs = {"quarantine", "replay"},
             .act = replay,
             .rate = RateClass::write});
  add_route(router, api,
            {.method = "POST",
             .path = "/quarantine/{id}/release",
             .needs = {"quarantine", "release"},
             .act = release,
             .rate = RateClass::write,
             .body = BodyKind::json});
  add_route(router, api,
            {.method = "GET", .path = "/malware-scanner", .needs = {"malware_scanner", "read"}, .act = scanner});
  add_route(router, api,
            {.method = "POST",
             .path = "/quarantine/replay",
             .needs = {"quarantine", "replay"},
             .act = replay_all,
             .rate = RateClass::write});
}

}  // namespace answerable::http
