// GET /search: full-text search over all messages.
#include "conversations/search.h"
#include "http/conversation_json.h"
#include "http/cursor.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

constexpr int hits_default = 25;

void write_hit(JsonWriter& out, const conversations::Hit& hit, const Names& names) {
  out.begin_object().key("conversation");
  write_item(out, hit.conversation, names);
  out.key("message").begin_object();
  out.member("id", hit.message).member("direction", to_string(hit.direction)).key("author").begin_object();
  out.member("kind", hit.author.kind).text_or_null("id", hit.author.id).member("name", hit.author.name).end_object();
  out.member("sent_at", hit.sent_at).end_object();
  out.member("snippet", hit.snippet).end_object();
}

Result<net::Response> search(Call& call) {
  TRY_STATUS(check_query(call, {"q", "limit", "cursor"}));
  const auto query = call.request.query_parameter("q");
  if (!query || query->empty()) return fail(ErrorKind::invalid, "bad_query", "q: what is looked for.");
  TRY(const auto limit, query_limit(call, hits_default));
  const auto list_name = "search/" + *query;
  std::optional<std::int64_t> before;
  if (const auto cursor = call.request.query_parameter("cursor")) {
    TRY(const auto position, decode_cursor(list_name, *cursor));
    before = position.number;
  }
  // Of what looks for a person by address.
  if (query->contains('@'))
    TRY_STATUS(call.api.reads.note(call.actor, {.kind = access::ReadKind::search, .object = *query}));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto page, conversations::search(session, call.actor, *query, before, limit));
    TRY(const auto names, load_names(call.api, session, call.actor));
    JsonWriter out(8192);
    out.begin_object().key("items").begin_array();
    for (const auto& hit : page.hits) write_hit(out, hit, names);
    out.end_array().member("total", page.total).member("total_is_exact", page.total_is_exact);
    out.member("complete", page.is_complete).member("lag_messages", page.lag).key("next_cursor");
    if (page.next) {
      out.text(encode_cursor(list_name, {.number = *page.next}));
    } else {
      out.null();
    }
    out.end_object();
    return json_response(200, out);
  });
}

}  // namespace

void add_search_routes(net::Router& router, ApiContext& api) {
  add_route(
      router, api,
      {.method = "GET", .path = "/search", .needs = {"search", "read"}, .act = search, .rate = RateClass::search});
}

}  // namespace answerable::http
