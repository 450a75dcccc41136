// GET /conversations and /conversations/counts, /tags.
#include "cluster/event_log.h"
#include "conversations/list.h"
#include "conversations/tags.h"
#include "http/conversation_json.h"
#include "http/cursor.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

struct ListRequest {
  conversations::ListFilter filter;
  std::optional<conversations::ListCursor> after;
  int limit = page_default;
  std::string list;  // names this list for its cursors
};

Result<conversations::ListFilter> read_filter(const Call& call) {
  conversations::ListFilter filter;
  const auto view = call.request.query_parameter("view").value_or("all");
  const auto parsed = conversations::parse_view(view);
  if (!parsed) return fail(ErrorKind::invalid, "bad_query", "view is all, mine, unassigned, snoozed or closed.");
  filter.view = *parsed;
  TRY(filter.channel, query_id<ChannelId>(call, "channel"));
  if (call.request.query_parameter("assignee") == "none") {
    filter.assignee = UserId{};
  } else {
    TRY(filter.assignee, query_id<UserId>(call, "assignee"));
  }
  filter.tag = call.request.query_parameter("tag").value_or("");
  if (filter.tag.size() > conversations::tag_max_bytes)
    return fail(ErrorKind::invalid, "bad_query", "A tag has at most 64 bytes.");
  return filter;
}

Result<ListRequest> read_list_request(const Call& call) {
  TRY_STATUS(check_query(call, {"view", "channel", "assignee", "tag", "limit", "cursor"}));
  ListRequest request;
  TRY(request.filter, read_filter(call));
  TRY(request.limit, query_limit(call));
  const auto& filter = request.filter;
  request.list = "conversations/" + std::to_string(static_cast<int>(filter.view)) + "/" +
                 (filter.channel ? filter.channel->text() : "") + "/" +
                 (filter.assignee ? filter.assignee->text() : "") + "/" + filter.tag;
  if (const auto cursor = call.request.query_parameter("cursor")) {
    TRY(const auto position, decode_cursor(request.list, *cursor));
    request.after = {.last_message_at = Time{position.number}, .id = ConversationId{position.uuid}};
  }
  return request;
}

Result<net::Response> list(Call& call) {
  TRY(const auto request, read_list_request(call));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto page,
        conversations::list_conversations(session, call.actor, request.filter, request.after, request.limit));
    TRY(const auto names, load_names(call.api, session, call.actor));
    TRY(const auto seq, cluster::last_seq(session, call.actor.workspace));
    constexpr std::size_t item_bytes = 900;
    JsonWriter out(256 + page.items.size() * item_bytes);
    out.begin_object().key("items").begin_array();
    for (const auto& item : page.items) write_item(out, item, names);
    out.end_array();
    out.member("total", page.total).member("total_is_exact", page.total_is_exact);
    out.key("next_cursor");
    if (page.next) {
      out.text(encode_cursor(request.list, {.number = page.next->last_message_at.ms, .uuid = page.next->id.uuid}));
    } else {
      out.null();
    }
    out.member("seq", seq).end_object();
    return json_response(200, out);
  });
}

Result<net::Response> counts(Call& call) {
  TRY(const auto counted, call.api.database().query([&](store::Session& session) {
    return conversations::count_views(session, call.actor);
  }));
  JsonWriter out;
  out.begin_object();
  out.member("mine", counted.mine).member("unassigned", counted.unassigned).member("all", counted.all);
  out.member("snoozed", counted.snoozed).member("closed", counted.closed);
  out.end_object();
  return json_response(200, out);
}

Result<net::Response> tags(Call& call) {
  TRY(const auto tags, call.api.database().query(
                           [&](store::Session& session) { return conversations::list_tags(session, call.actor); }));
  JsonWriter out;
  out.begin_object().key("items").begin_array();
  for (const auto& tag : tags) out.begin_object().member("tag", tag.tag).member("count", tag.count).end_object();
  out.end_array().member("total", static_cast<std::int64_t>(tags.size())).member("total_is_exact", true);
  out.key("next_cursor").null().end_object();
  return json_response(200, out);
}

}  // namespace

void add_conversation_list_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/conversations", .needs = {"conversation", "list"}, .act = list});
  add_route(router, api,
            {.method = "GET", .path = "/conversations/counts", .needs = {"conversation", "list"}, .act = counts});
  add_route(router, api, {.method = "GET", .path = "/tags", .needs = {"tag", "list"}, .act = tags});
}

}  // namespace answerable::http
