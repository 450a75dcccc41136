// /policy: the published versions, for everybody; what binds and what stops the workspace, for its people; agreement,
// measures and appeals, for its administrators.
#include "http/clause_page.h"
#include "http/html.h"
#include "http/live_hub.h"
#include "http/policy_json.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/entitlement.h"

namespace answerable::http {
namespace {

constexpr TextLimits appeal_limits{.bytes_min = 1, .bytes_max = policy::appeal_bytes_max};

Result<std::int64_t> path_number(const Call& call) {
  const auto text = call.request.path_parameter("number");
  std::int64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || number > policy::versions_max)
      return fail(ErrorKind::invalid, "bad_id", "A version is a number.");
    number = number * 10 + (c - '0');
  }
  return number;
}

Result<net::Response> versions(Call& call) {
  TRY_STATUS(check_query(call, {}));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto found, policy::published_versions(session));
    TRY(const auto in_force, policy::version_in_force(session, session.now()));
    JsonWriter out(4096);
    out.begin_object().key("items").begin_array();
    for (const auto& head : found) write_head(out, head);
    out.end_array().member("total", static_cast<std::int64_t>(found.size())).member("total_is_exact", true);
    out.key("next_cursor").null().key("in_force");
    in_force > 0 ? out.number(in_force) : out.null();
    out.end_object();
    return json_response(200, out);
  });
}

Result<net::Response> version(Call& call) {
  TRY_STATUS(check_query(call, {}));
  TRY(const auto number, path_number(call));
  TRY(const auto found,
      call.api.database().query([&](store::Session& session) { return policy::load_version(session, number); }));
  JsonWriter out(16'384);
  write_version(out, found);
  return json_response(200, out);
}

// What stops the workspace now, and which version binds it. For all its people: the banner says so to agents.
Result<net::Response> standing(Call& call) {
  TRY_STATUS(check_query(call, {}));
  const auto workspace = call.actor.workspace;
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto suspended, policy::suspensions(session, workspace));
    TRY(const auto binding, policy::binding_version(session, workspace));
    TRY(const auto in_force, policy::version_in_force(session, session.now()));
    JsonWriter out(2048);
    out.begin_object().key("suspensions").begin_array();
    for (const auto& one : suspended) write_suspension(out, one, reader_language(call.request));
    out.end_array().member("binding_version", binding).member("version_in_force", in_force).end_object();
    return json_response(200, out);
  });
}

Result<net::Response> agreement(Call& call) {
  TRY_STATUS(check_query(call, {}));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto found, policy::find_agreement(session, call.actor.workspace));
    TRY(const auto used, policy::usage(session, call.actor.workspace));
    TRY(const auto orders, policy::orders(session, call.actor.workspace));
    JsonWriter out(4096);
    out.begin_object().key("agreement");
    found ? write_agreement(out, *found) : static_cast<void>(out.null());
    out.member("messages_used", used.messages).member("storage_bytes_used", used.storage_bytes);
    out.member("connections_open", call.api.live->open_of(call.actor.workspace)).key("period_ends");
    found ? out.time(used.period_ends) : out.null();
    out.key("orders").begin_array();
    for (const auto& order : orders) write_order(out, order);
    out.end_array().end_object();
    return json_response(200, out);
  });
}

Result<net::Response> accept(Call& call) {
  TRY(auto body, read_body(call));
  const auto number = body.integer("version", 1, policy::versions_max);
  if (!number) body.refuse("version", "required", "This is needed.");
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return policy::accept_version(tx, call.actor, number.value_or(0)); }));
  return no_content();
}

Result<net::Response> measures(Call& call) {
  TRY_STATUS(check_query(call, {}));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto found, policy::measures(session, call.actor.workspace));
    TRY(const auto made, policy::appeals(session, call.actor.workspace));
    JsonWriter out(16'384);
    const auto language = reader_language(call.request);
    write_whole(out, found,
                [&](JsonWriter& to, const policy::Measure& one) { write_measure(to, one, made, language); });
    return json_response(200, out);
  });
}

Result<net::Response> clauses(Call& call) { return clause_page(call, call.actor.workspace); }

Result<net::Response> appeal(Call& call) {
  TRY(const auto id, path_id<policy::MeasureId>(call));
  TRY(auto body, read_body(call));
  const auto text = body.need_text("text", appeal_limits);
  TRY_STATUS(finish_body(call, body));
  TRY(const auto made,
      call.api.database().write([&](store::Transaction& tx) { return policy::appeal(tx, call.actor, id, text); }));
  JsonWriter out;
  write_appeal(out, made);
  return json_response(201, out);
}

}  // namespace

void add_policy_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/policy/versions", .needs = Needs::nobody(), .act = versions});
  add_route(router, api,
            {.method = "GET", .path = "/policy/versions/{number}", .needs = Needs::nobody(), .act = version});
  add_route(router, api, {.method = "GET", .path = "/policy", .needs = {"policy", "read"}, .act = standing});
  add_route(router, api,
            {.method = "GET", .path = "/policy/agreement", .needs = {"policy", "agreement"}, .act = agreement});
  add_route(router, api,
            {.method = "POST",
             .path = "/policy/acceptance",
             .needs = {"policy", "accept"},
             .act = accept,
             .rate = RateClass::write,
             .body = BodyKind::json});
  add_route(router, api,
            {.method = "GET", .path = "/policy/measures", .needs = {"policy", "measures"}, .act = measures});
  add_route(router, api, {.method = "GET", .path = "/policy/clauses", .needs = {"policy", "measures"}, .act = clauses});
  add_route(router, api,
            {.method = "POST",
             .path = "/policy/measures/{id}/appeal",
             .needs = {"policy", "appeal"},
             .act = appeal,
             .rate = RateClass::write,
             .body = BodyKind::json});
}

}  // namespace answerable::http
