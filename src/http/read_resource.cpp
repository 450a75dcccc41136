// /read-log: who opened or exported whose data, by person and by contact; /read-rules: when a reason is asked for.
#include "access/read_recorder.h"

#include "http/conversation_json.h"
#include "http/cursor.h"
#include "http/reading.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

constexpr std::string_view read_list = "read-log";

Result<std::unordered_map<ContactId, std::string>> contact_names(store::Session& session, WorkspaceId workspace,
                                                                 const std::vector<access::StoredReading>& items) {
  std::unordered_map<ContactId, std::string> names;
  for (const auto& one : items) {
    if (one.contact.is_nil() || names.contains(one.contact)) continue;
    TRY(names[one.contact], conversations::find_contact_name(session, workspace, one.contact));
  }
  return names;
}

void write_reading(JsonWriter& out, const access::StoredReading& one, const Names& names, std::string_view contact) {
  const auto user = UserId::parse(one.actor_id);
  const bool is_person = one.actor_kind == "user" && user.has_value();
  out.begin_object().member("seq", one.seq).member("at", one.at).member("kind", to_string(one.kind));
  out.key("reader").begin_object().member("kind", one.actor_kind).member("id", one.actor_id);
  out.member("name", is_person ? names.people->find(*user) : std::string_view()).end_object();
  out.id_or_null("contact_id", one.contact).text_or_null("contact_name", contact);
  out.id_or_null("conversation_id", one.conversation).text_or_null("object", one.object);
  out.text_or_null("reason", one.reason).end_object();
}

Result<net::Response> list(Call& call) {
  TRY_STATUS(check_query(call, {"reader", "contact", "limit", "cursor"}));
  TRY(const auto limit, query_limit(call));
  access::ReadFilter filter;
  TRY(filter.reader, query_id<UserId>(call, "reader"));
  TRY(filter.contact, query_id<ContactId>(call, "contact"));
  std::optional<std::int64_t> before;
  if (const auto cursor = call.request.query_parameter("cursor")) {
    TRY(const auto position, decode_cursor(read_list, *cursor));
    before = position.number;
  }
  write_readings(call);
  TRY_STATUS(call.api.reads.note(call.actor, {.kind = access::ReadKind::read_log,
                                              .contact = filter.contact.value_or(ContactId{}),
                                              .object = filter.reader ? filter.reader->text() : std::string()}));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto page, access::readings(session, call.actor, filter, before, limit));
    TRY(const auto names, load_names(call.api, session, call.actor));
    TRY(const auto contacts, contact_names(session, call.actor.workspace, page.items));
    JsonWriter out(8'192);
    out.begin_object().key("items").begin_array();
    for (const auto& one : page.items) {
      const auto contact = contacts.find(one.contact);
      write_reading(out, one, names, contact == contacts.end() ? std::string_view() : contact->second);
    }
    out.end_array().member("total", page.total).member("total_is_exact", true).key("next_cursor");
    if (page.next) {
      out.text(encode_cursor(read_list, {.number = *page.next}));
    } else {
      out.null();
    }
    out.end_object();
    return json_response(200, out);
  });
}

Result<net::Response> verify(Call& call) {
  TRY(const auto verdict,
      call.api.database().query([&](store::Session& session) { return access::check_readings(session, call.actor); }));
  JsonWriter out;
  out.begin_object().member("ok", !verdict.first_bad).member("rows", verdict.rows).member("seals", verdict.seals);
  out.member("unsealed", verdict.unsealed).member("first_bad", verdict.first_bad).end_object();
  return json_response(200, out);
}

net::Response rules_response(const access::ReadRules& rules) {
  JsonWriter out;
  out.begin_object().member("of_others", rules.of_others).member("closed_days", rules.closed_days);
  out.member("many_per_hour", rules.many_per_hour).member("kept_days", rules.kept_days).end_object();
  return json_response(200, out);
}

Result<net::Response> show_rules(Call& call) {
  TRY(const auto rules, call.api.database().query([&](store::Session& session) {
    return access::load_read_rules(session, call.actor.workspace);
  }));
  return rules_response(rules);
}

Result<net::Response> set_rules(Call& call) {
  TRY(auto body, read_body(call));
  const access::ReadRules standard;
  access::ReadRules rules;
  rules.of_others = body.flag("of_others").value_or(standard.of_others);
  rules.closed_days = body.integer("closed_days", 0, access::read_kept_days_max).value_or(standard.closed_days);
  rules.many_per_hour = body.integer("many_per_hour", 0, access::many_per_hour_max).value_or(standard.many_per_hour);
  rules.kept_days =
      body.integer("kept_days", access::read_kept_days_min, access::read_kept_days_max).value_or(standard.kept_days);
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(
      call.api.database().write([&](store::Transaction& tx) { return access::set_read_rules(tx, call.actor, rules); }));
  return rules_response(rules);
}

}  // namespace

void add_read_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/read-log", .needs = {"read_log", "read"}, .act = list});
  add_route(router, api,
            {.method = "GET",
             .path = "/read-log/verify",
             .needs = {"read_log", "read"},
             .act = verify,
             .rate = RateClass::search});
  add_route(router, api, {.method = "GET", .path = "/read-rules", .needs = {"read_rule", "read"}, .act = show_rules});
  add_route(router, api,
            {.method = "PUT",
             .path = "/read-rules",
             .needs = {"read_rule", "update"},
             .act = set_rules,
             .rate = RateClass::write,
             .body = BodyKind::json});
}

}  // namespace answerable::http
