// /conversations/{id}/suggestion: what an arriving message may belong to, and an agent's decision.
// /messages/{id}/origin: what is known of a message's sender, and why it stands where it stands.
#include "conversations/join.h"
#include "conversations/origin.h"
#include "conversations/suggestion.h"
#include "http/conversation_json.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

net::Response item_response(const conversations::ConversationItem& item, const Names& names) {
  JsonWriter out(1024);
  write_item(out, item, names);
  auto response = json_response(200, out);
  response.headers.set("ETag", item_etag(item.version));
  return response;
}

Result<net::Response> show_suggestion(Call& call) {
  TRY(const auto id, path_id<ConversationId>(call));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto suggestion, conversations::load_suggestion(session, call.actor, id));
    TRY(const auto names, load_names(call.api, session, call.actor));
    JsonWriter out(1024);
    out.begin_object().member("message_id", suggestion.message).key("target");
    write_item(out, suggestion.target, names);
    out.member("found_by", suggestion.found_by).member("weakness", suggestion.weakness);
    out.member("created_at", suggestion.created_at).end_object();
    return json_response(200, out);
  });
}

using Decide = Result<conversations::ConversationItem> (*)(store::Transaction&, const access::Actor&, ConversationId);

Result<net::Response> decide(Call& call, Decide act) {
  TRY(const auto id, path_id<ConversationId>(call));
  return call.api.database().write([&](store::Transaction& tx) -> Result<net::Response> {
    TRY(const auto item, act(tx, call.actor, id));
    TRY(const auto names, load_names(call.api, tx, call.actor));
    return item_response(item, names);
  });
}

Result<net::Response> confirm(Call& call) { return decide(call, conversations::join_suggested); }
Result<net::Response> dismiss(Call& call) { return decide(call, conversations::dismiss_suggestion); }

void write_joined_from(JsonWriter& out, const std::optional<conversations::JoinedFrom>& from, const Names& names) {
  out.key("joined_from");
  if (!from) {
    out.null();
    return;
  }
  out.begin_object().member("number", from->number).member("subject", from->subject).member("at", from->at);
  out.key("agent");
  if (from->agent.is_nil()) {
    out.null();
  } else {
    write_named(out, from->agent, names);
  }
  out.end_object();
}

Result<net::Response> show_origin(Call& call) {
  TRY(const auto id, path_id<MessageId>(call));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto found, conversations::load_origin(session, call.actor, id));
    TRY(const auto names, load_names(call.api, session, call.actor));
    JsonWriter out(512);
    out.begin_object().text_or_null("authentication", found.origin.authentication).key("evidence").begin_array();
    for (const auto& line : found.origin.evidence) out.text(line);
    out.end_array().text_or_null("joined_by", found.origin.joined_by);
    out.text_or_null("joined_detail", found.origin.joined_detail);
    write_joined_from(out, found.joined_from, names);
    out.member("same_id_as", found.origin.same_id_as);
    out.member("conversation_of_same_id", found.conversation_of_same_id).end_object();
    return json_response(200, out);
  });
}

}  // namespace

void add_join_routes(net::Router& router, ApiContext& api) {
  constexpr auto write = RateClass::write;
  add_route(router, api,
            {.method = "GET",
             .path = "/conversations/{id}/suggestion",
             .needs = {"conversation", "read"},
             .act = show_suggestion});
  add_route(router, api,
            {.method = "POST",
             .path = "/conversations/{id}/suggestion/confirm",
             .needs = {"conversation", "join"},
             .act = confirm,
             .rate = write});
  add_route(router, api,
            {.method = "POST",
             .path = "/conversations/{id}/suggestion/dismiss",
             .needs = {"conversation", "join"},
             .act = dismiss,
             .rate = write});
  add_route(router, api,
            {.method = "GET", .path = "/messages/{id}/origin", .needs = {"conversation", "read"}, .act = show_origin});
}

}  // namespace answerable::http
