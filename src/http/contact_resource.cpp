// /contacts: the people who write to us.
#include "conversations/contacts.h"
#include "http/conversation_json.h"
#include "http/cursor.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

constexpr std::size_t query_bytes_max = 200;
constexpr std::string_view contacts_list = "contacts/";

Result<net::Response> list(Call& call) {
  TRY_STATUS(check_query(call, {"q", "limit", "cursor"}));
  TRY(const auto limit, query_limit(call));
  const auto part = call.request.query_parameter("q").value_or("");
  if (part.size() > query_bytes_max) return fail(ErrorKind::invalid, "bad_query", "q has at most 200 bytes.");
  const auto list_name = std::string(contacts_list) + part;
  std::optional<ContactId> before;
  if (const auto cursor = call.request.query_parameter("cursor")) {
    TRY(const auto position, decode_cursor(list_name, *cursor));
    before = ContactId{position.uuid};
  }
  // The first page is how the list looks; whoever turns them collects addresses.
  if (!part.empty() || before)
    TRY_STATUS(
        call.api.reads.note(call.actor, {.kind = access::ReadKind::search, .object = part.empty() ? "*" : part}));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto page, conversations::list_contacts(session, call.actor, part, before, limit));
    TRY(const auto names, load_names(call.api, session, call.actor));
    JsonWriter out(8192);
    out.begin_object().key("items").begin_array();
    for (const auto& contact : page.items) write_contact(out, contact, names);
    out.end_array().member("total", page.total).member("total_is_exact", page.total_is_exact).key("next_cursor");
    if (page.next) {
      out.text(encode_cursor(list_name, {.uuid = page.next->uuid}));
    } else {
      out.null();
    }
    out.end_object();
    return json_response(200, out);
  });
}

Result<net::Response> render(Call& call, store::Session& session, const conversations::Contact& contact) {
  TRY(const auto names, load_names(call.api, session, call.actor));
  JsonWriter out(8192);
  write_contact(out, contact, names);
  return json_response(200, out);
}

Result<net::Response> load(Call& call) {
  TRY(const auto id, path_id<ContactId>(call));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto contact, conversations::load_contact(session, call.actor, id));
    TRY_STATUS(call.api.reads.note(call.actor, {.kind = access::ReadKind::contact, .contact = id}));
    return render(call, session, contact);
  });
}

Result<net::Response> update(Call& call) {
  TRY(const auto id, path_id<ContactId>(call));
  TRY(auto body, read_body(call));
  conversations::ContactChange change;
  change.name = body.text("name", {.bytes_min = 1, .bytes_max = conversations::contact_name_max_bytes});
  change.note = body.text("note", {.bytes_min = 0, .bytes_max = conversations::contact_note_max_bytes});
  if (body.is_null("note")) change.note = "";
  change.shows_quotes = body.flag("shows_quotes");
  TRY_STATUS(finish_body(call, body));
  return call.api.database().write([&](store::Transaction& tx) -> Result<net::Response> {
    TRY(const auto changed, conversations::update_contact(tx, call.actor, id, change));
    static_cast<void>(changed);
    TRY(const auto contact, conversations::load_contact(tx, call.actor, id));
    return render(call, tx, contact);
  });
}

}  // namespace

void add_contact_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/contacts", .needs = {"contact", "list"}, .act = list});
  add_route(router, api, {.method = "GET", .path = "/contacts/{id}", .needs = {"contact", "read"}, .act = load});
  add_route(router, api,
            {.method = "PATCH",
             .path = "/contacts/{id}",
             .needs = {"contact", "update"},
             .act = update,
             .rate = RateClass::write,
             .body = BodyKind::json});
}

}  // namespace answerable::http
