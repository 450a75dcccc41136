// /reviews: messages that wait for a reviewer.
#include "conversations/review.h"
#include "http/conversation_json.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

constexpr TextLimits reason_limits{.bytes_min = 0, .bytes_max = conversations::review_reason_bytes_max};

Result<net::Response> list(Call& call) {
  TRY_STATUS(check_query(call, {}));
  TRY(const auto page, call.api.database().query([&](store::Session& session) {
    return conversations::waiting_reviews(session, call.actor);
  }));
  JsonWriter out(8192);
  out.begin_object().key("items").begin_array();
  for (const auto& one : page.items) {
    out.begin_object().member("message_id", one.message).member("conversation_id", one.conversation);
    out.member("direction", one.is_outbound ? "outbound" : "inbound").member("author", one.author);
    out.text_or_null("subject", one.subject).member("text", one.text).member("attachments", one.attachments);
    out.member("asked_at", one.asked_at);
    write_findings(out, one.findings);
    out.end_object();
  }
  out.end_array().member("total", page.total).member("total_is_exact", true).key("next_cursor").null().end_object();
  return json_response(200, out);
}

Result<net::Response> decide(Call& call) {
  TRY(const auto id, path_id<MessageId>(call));
  TRY(auto body, read_body(call));
  const auto outcome = body.choice("outcome", {"released", "rejected"});
  if (!outcome) body.refuse("outcome", "required", "This is needed.");
  const conversations::ReviewDecision decision{
      .message = id, .is_released = outcome == "released", .reason = body.text("reason", reason_limits).value_or("")};
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return conversations::decide_review(tx, call.actor, decision); }));
  return no_content();
}

}  // namespace

void add_review_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/reviews", .needs = {"review", "list"}, .act = list});
  add_route(router, api,
            {.method = "POST",
             .path = "/reviews/{id}/decide",
             .needs = {"review", "decide"},
             .act = decide,
             .rate = RateClass::write,
             .body = BodyKind::json});
}

}  // namespace answerable::http
