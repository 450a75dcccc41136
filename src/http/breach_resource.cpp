// /incidents: what an incident needs that concerns personal data: the clock, whom it affects, what the authority is
// told, the register, the evidence; and /incident-rules.
#include "access/breach.h"

#include "conversations/affected.h"
#include "http/attachment_headers.h"
#include "http/evidence.h"
#include "http/incident_json.h"
#include "http/ledger_file.h"
#include "http/reading.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/agreement.h"

namespace answerable::http {
namespace {

constexpr TextLimits title_limits{.bytes_min = 1, .bytes_max = access::incident_title_bytes_max};
constexpr TextLimits part_limits{.bytes_min = 0, .bytes_max = access::notification_text_bytes_max};
constexpr TextLimits reason_limits{.bytes_min = 1, .bytes_max = access::incident_text_bytes_max};
constexpr TextLimits email_limits{.bytes_min = 0, .bytes_max = access::mail_address_bytes_max};
constexpr TextLimits percent_limits{.bytes_min = 1, .bytes_max = 3};
constexpr std::int64_t threshold_max = 1'000'000'000;
constexpr std::size_t notification_body_max = 512UL << 10;

Result<net::Response> create(Call& call) {
  TRY(auto body, read_body(call));
  const auto title = body.need_text("title", title_limits);
  TRY_STATUS(finish_body(call, body));
  TRY(const auto id, call.api.database().write(
                         [&](store::Transaction& tx) { return access::report_incident(tx, call.actor, title); }));
  return show_incident(call, id, 201);
}

Result<net::Response> concern(Call& call) {
  TRY(const auto id, path_id<access::IncidentId>(call));
  TRY(auto body, read_body(call));
  const auto aware_at = body.time("aware_at");
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) {
    return access::concern_personal_data(tx, call.actor, id, aware_at.value_or(tx.now()), policy::privacy_address);
  }));
  return show_incident(call, id);
}

Result<net::Response> write_draft_of(Call& call) {
  TRY(const auto id, path_id<access::IncidentId>(call));
  TRY(auto body, read_body(call));
  access::Notification draft;
  draft.nature = body.text("nature", part_limits).value_or("");
  draft.subjects = body.text("subjects", part_limits).value_or("");
  draft.records = body.text("records", part_limits).value_or("");
  draft.contact_point = body.text("contact_point", part_limits).value_or("");
  draft.consequences = body.text("consequences", part_limits).value_or("");
  draft.measures = body.text("measures", part_limits).value_or("");
  draft.delay_reason = body.text("delay_reason", part_limits).value_or("");
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return access::write_notification(tx, call.actor, id, draft); }));
  return show_incident(call, id);
}

Result<net::Response> sent(Call& call) {
  TRY(const auto id, path_id<access::IncidentId>(call));
  TRY_STATUS(
      call.api.database().write([&](store::Transaction& tx) { return access::note_notified(tx, call.actor, id); }));
  return show_incident(call, id);
}

Result<net::Response> decide(Call& call) {
  TRY(const auto id, path_id<access::IncidentId>(call));
  TRY(auto body, read_body(call));
  const auto decision = body.choice("decision", {"told", "not_needed"}).value_or("");
  const auto reason = body.need_text("reason", reason_limits);
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return access::decide_on_subjects(tx, call.actor, id, decision, reason); }));
  return show_incident(call, id);
}

Result<std::optional<Time>> query_time(const Call& call, std::string_view name) {
  const auto text = call.request.query_parameter(name);
  if (!text) return std::nullopt;
  const auto time = parse_rfc3339(*text);
  if (!time) return fail(ErrorKind::invalid, "bad_query", "A time is written as 2026-01-31T12:00:00Z.");
  return time;
}

Result<net::Response> affected(Call& call) {
  TRY_STATUS(check_query(call, {"from", "until"}));
  TRY(const auto id, path_id<access::IncidentId>(call));
  TRY(const auto from, query_time(call, "from"));
  TRY(const auto until, query_time(call, "until"));
  TRY_STATUS(call.api.reads.note(call.actor, {.kind = access::ReadKind::evidence, .object = id.text()}));
  write_readings(call);
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(auto wish, affected_wish(session, call.actor, id));
    wish.from = from.value_or(wish.from);
    wish.until = until.value_or(wish.until);
    TRY(const auto found, conversations::affected_contacts(session, call.actor, wish));
    JsonWriter out(8'192);
    out.begin_object().member("from", wish.from).member("until", wish.until).key("items").begin_array();
    for (const auto& one : found.items)
      out.begin_object().member("id", one.contact).member("name", one.name).member("address", one.address).end_object();
    out.end_array().member("total", found.total).member("total_is_exact", true).key("next_cursor").null().end_object();
    return json_response(200, out);
  });
}

Result<net::Response> the_register(Call& call) {
  TRY(auto text, call.api.database().query([&](store::Session& session) { return register_csv(session, call.actor); }));
  net::Response response;
  response.shared_body = std::make_shared<const std::string>(std::move(text));
  add_download_headers(response.headers, "register.csv", "text/csv");
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Result<net::Response> evidence(Call& call) {
  TRY(const auto id, path_id<access::IncidentId>(call));
  TRY(auto tar, evidence_of(call, id));
  return download(std::move(tar), "evidence-" + id.text() + ".tar", "application/x-tar");
}

net::Response rules_response(const access::BreachRules& rules) {
  JsonWriter out;
  out.begin_object().member("deadline_hours", rules.deadline_hours).key("alarm_percents").begin_array();
  for (const auto percent : rules.alarm_percents) out.number(percent);
  out.end_array().member("threshold", rules.threshold).member("addressee", rules.addressee).end_object();
  return json_response(200, out);
}

Result<net::Response> show_rules(Call& call) {
  TRY(const auto rules, call.api.database().query(
                            [&](store::Session& session) { return access::load_breach_rules(session, call.actor); }));
  return rules_response(rules);
}

Result<net::Response> set_rules(Call& call) {
  TRY(auto body, read_body(call));
  access::BreachRules rules;
  rules.deadline_hours = body.integer("deadline_hours", 1, access::deadline_hours_max).value_or(rules.deadline_hours);
  rules.threshold = body.integer("threshold", 1, threshold_max).value_or(rules.threshold);
  rules.addressee = body.text("addressee", email_limits).value_or("");
  if (const auto percents = body.texts("alarm_percents", percent_limits, access::alarms_max)) {
    rules.alarm_percents.clear();
    for (const auto& text : *percents) rules.alarm_percents.push_back(std::atoi(text.c_str()));
  }
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return access::set_breach_rules(tx, call.actor, rules); }));
  return rules_response(rules);
}

void add_rule_routes(net::Router& router, ApiContext& api) {
  add_route(router, api,
            {.method = "GET", .path = "/incident-rules", .needs = {"incident_rule", "read"}, .act = show_rules});
  add_route(router, api,
            {.method = "PUT",
             .path = "/incident-rules",
             .needs = {"incident_rule", "update"},
             .act = set_rules,
             .rate = RateClass::write,
             .body = BodyKind::json});
}

}  // namespace

void add_breach_routes(net::Router& router, ApiContext& api) {
  constexpr auto write = RateClass::write;
  constexpr auto json = BodyKind::json;
  constexpr auto search = RateClass::search;
  const auto add = [&](std::string_view method, std::string_view path, Act act, RateClass rate, BodyKind body) {
    const bool is_reading = method == "GET";
    add_route(router, api,
              {.method = method,
               .path = path,
               .needs = is_reading ? Needs{"incident", "export"} : Needs{"incident", "update"},
               .act = std::move(act),
               .rate = rate,
               .body = body,
               .body_bytes_max = notification_body_max});
  };
  add("POST", "/incidents", create, write, json);
  add("POST", "/incidents/{id}/personal-data", concern, write, json);
  add("PUT", "/incidents/{id}/notification", write_draft_of, write, json);
  add("POST", "/incidents/{id}/notification/sent", sent, write, BodyKind::none);
  add("PUT", "/incidents/{id}/subjects", decide, write, json);
  add("GET", "/incidents/{id}/affected", affected, search, BodyKind::none);
  add("GET", "/incidents/{id}/evidence", evidence, search, BodyKind::none);
  add("GET", "/incidents/register", the_register, search, BodyKind::none);
  add_rule_routes(router, api);
}

}  // namespace answerable::http
