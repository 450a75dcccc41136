// /oversight: how the operator writes the policy, and what he does for one workspace: agreement, violations, orders to
// pay, and the acts that take two people. Nothing of what people write in a workspace.
#include "access/workspace.h"
#include "http/html.h"
#include "http/policy_json.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/finding.h"

namespace answerable::http {
namespace {

constexpr TextLimits summary_limits{.bytes_min = 0, .bytes_max = policy::version_summary_bytes_max};
constexpr TextLimits name_limits{.bytes_min = 1, .bytes_max = policy::clause_id_bytes_max};
constexpr TextLimits facts_limits{.bytes_min = 1, .bytes_max = policy::facts_bytes_max};
constexpr TextLimits order_limits{.bytes_min = 1, .bytes_max = policy::order_text_bytes_max};
constexpr TextLimits object_limits{.bytes_min = 1, .bytes_max = 100};
constexpr TextLimits id_limits{.bytes_min = 36, .bytes_max = 36};

Result<net::Response> draft(Call& call) {
  TRY_STATUS(check_query(call, {}));
  TRY(const auto found,
      call.api.database().query([&](store::Session& session) { return policy::find_draft(session); }));
  if (!found) return fail(ErrorKind::not_found, "no_draft", "There is no draft: write one first.");
  JsonWriter out(16'384);
  write_version(out, *found);
  return json_response(200, out);
}

Result<net::Response> save_draft(Call& call) {
  TRY(auto body, read_body(call));
  const auto summary = body.text("summary", summary_limits).value_or("");
  const auto clauses = read_clauses(body);
  TRY_STATUS(finish_body(call, body));
  TRY(const auto saved, call.api.database().write([&](store::Transaction& tx) {
    return policy::save_draft(tx, call.actor, summary, clauses);
  }));
  JsonWriter out(16'384);
  write_version(out, saved);
  return json_response(200, out);
}

Result<net::Response> discard_draft(Call& call) {
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) { return policy::discard_draft(tx, call.actor); }));
  return no_content();
}

// Without a date: from now.
Result<net::Response> publish(Call& call) {
  TRY(auto body, read_body(call));
  const auto at = body.time("effective_at");
  TRY_STATUS(finish_body(call, body));
  TRY(const auto head,
      call.api.database().write([&](store::Transaction& tx) { return policy::publish_draft(tx, call.actor, at); }));
  JsonWriter out;
  write_head(out, head);
  return json_response(200, out);
}

Result<net::Response> workspace(Call& call) {
  TRY_STATUS(check_query(call, {}));
  TRY(const auto id, path_id<WorkspaceId>(call));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto found, access::find_workspace(session, id));
    if (!found) return fail(ErrorKind::not_found, "workspace_unknown", "There is no such workspace.");
    TRY(const auto agreement, policy::find_agreement(session, id));
    TRY(const auto suspended, policy::suspensions(session, id));
    TRY(const auto measures, policy::measures(session, id));
    TRY(const auto made, policy::appeals(session, id));
    TRY(const auto orders, policy::orders(session, id));
    TRY(const auto binding, policy::binding_version(session, id));
    JsonWriter out(16'384);
    out.begin_object().member("id", found->id).member("name", found->name).member("binding_version", binding);
    out.key("agreement");
    agreement ? write_agreement(out, *agreement) : static_cast<void>(out.null());
    out.key("suspensions").begin_array();
    for (const auto& one : suspended) write_suspension(out, one, reader_language(call.request));
    out.end_array().key("measures").begin_array();
    for (const auto& one : measures) write_measure(out, one, made, reader_language(call.request));
    out.end_array().key("orders").begin_array();
    for (const auto& one : orders) write_order(out, one);
    out.end_array().end_object();
    return json_response(200, out);
  });
}

Result<net::Response> save_agreement(Call& call) {
  TRY(const auto id, path_id<WorkspaceId>(call));
  TRY(auto body, read_body(call));
  auto given = read_agreement(body);
  given.workspace = id;
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(
      call.api.database().write([&](store::Transaction& tx) { return policy::save_agreement(tx, call.actor, given); }));
  return no_content();
}

Result<net::Response> report(Call& call) {
  TRY(const auto id, path_id<WorkspaceId>(call));
  TRY(auto body, read_body(call));
  policy::NewViolation violation{.workspace = id,
                                 .clause = body.need_text("clause", name_limits),
                                 .control = std::string(policy::report_kind),
                                 .object_kind = {},
                                 .object_id = {},
                                 .facts = body.need_text("facts", facts_limits)};
  if (const auto kind = body.choice("object_kind", {"message", "conversation", "channel", "user", "sender", "link"}))
    violation.object_kind = *kind;
  violation.object_id = body.text("object_id", object_limits).value_or("");
  if (violation.object_kind.empty() != violation.object_id.empty())
    body.refuse("object_id", "required", "What it is about has a kind and an id.");
  TRY_STATUS(finish_body(call, body));
  TRY(const auto measure, call.api.database().write([&](store::Transaction& tx) {
    return policy::report_violation(tx, call.actor, violation);
  }));
  JsonWriter out;
  write_measure(out, measure, {}, reader_language(call.request));
  return json_response(201, out);
}

// A measure under its workspace: {"workspace":…,"as":"cured"|"dismissed"}.
Result<net::Response> end_measure(Call& call) {
  TRY(const auto id, path_id<policy::MeasureId>(call));
  TRY(auto body, read_body(call));
  const auto in = WorkspaceId::parse(body.need_text("workspace", id_limits));
  if (!in) body.refuse("workspace", "not_allowed", "An id has the form of a UUID.");
  const auto as = body.choice("as", {"cured", "dismissed"});
  if (!as) body.refuse("as", "required", "This is needed.");
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return policy::end_measure(tx, call.actor, *in, id, *as); }));
  return no_content();
}

Result<net::Response> record_order(Call& call) {
  TRY(const auto id, path_id<WorkspaceId>(call));
  TRY(auto body, read_body(call));
  policy::NewOrder given{.workspace = id,
                         .reference = body.need_text("reference", order_limits),
                         .amount = body.need_text("amount", order_limits),
                         .due_at = {}};
  const auto due_at = body.time("due_at");
  if (!due_at) body.refuse("due_at", "required", "This is needed.");
  given.due_at = due_at.value_or(Time{});
  TRY_STATUS(finish_body(call, body));
  TRY(const auto order,
      call.api.database().write([&](store::Transaction& tx) { return policy::record_order(tx, call.actor, given); }));
  JsonWriter out;
  write_order(out, order);
  return json_response(201, out);
}

Result<net::Response> settle_order(Call& call) {
  TRY(const auto id, path_id<policy::OrderId>(call));
  TRY(auto body, read_body(call));
  const auto in = WorkspaceId::parse(body.need_text("workspace", id_limits));
  if (!in) body.refuse("workspace", "not_allowed", "An id has the form of a UUID.");
  const auto as = body.choice("as", {"paid", "cancelled"});
  if (!as) body.refuse("as", "required", "This is needed.");
  TRY_STATUS(finish_body(call, body));
  TRY(const auto order, call.api.database().write([&](store::Transaction& tx) {
    return policy::settle_order(tx, call.actor, *in, id, *as == "paid");
  }));
  JsonWriter out;
  write_order(out, order);
  return json_response(200, out);
}

}  // namespace

void add_oversight_routes(net::Router& router, ApiContext& api) {
  const auto read = [&](std::string_view path, Act act) {
    add_route(router, api, {.method = "GET", .path = path, .needs = {"oversight", "read"}, .act = std::move(act)});
  };
  const auto write = [&](std::string_view method, std::string_view path, Needs needs, Act act) {
    add_route(router, api,
              {.method = method,
               .path = path,
               .needs = needs,
               .act = std::move(act),
               .rate = RateClass::write,
               .body = method == "DELETE" ? BodyKind::none : BodyKind::json,
               .body_bytes_max = 1UL << 20});
  };
  read("/oversight/draft", draft);
  write("PUT", "/oversight/draft", {"oversight", "publish"}, save_draft);
  write("DELETE", "/oversight/draft", {"oversight", "publish"}, discard_draft);
  write("POST", "/oversight/draft/publish", {"oversight", "publish"}, publish);
  read("/oversight/workspaces/{id}", workspace);
  write("PUT", "/oversight/workspaces/{id}/agreement", {"oversight", "agree"}, save_agreement);
  write("POST", "/oversight/workspaces/{id}/violations", {"oversight", "suspend"}, report);
  write("POST", "/oversight/measures/{id}/end", {"oversight", "decide"}, end_measure);
  write("POST", "/oversight/workspaces/{id}/orders", {"oversight", "bill"}, record_order);
  write("POST", "/oversight/orders/{id}/settle", {"oversight", "bill"}, settle_order);
}

}  // namespace answerable::http
