// /oversight: what waits for an operator (appeals, acts that take two people), and what each clause has led to.
#include <map>

#include "access/workspace.h"
#include "http/clause_page.h"
#include "http/html.h"
#include "http/policy_json.h"
#include "http/put_back.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/suspend.h"

namespace answerable::http {
namespace {

constexpr TextLimits reason_limits{.bytes_min = 1, .bytes_max = policy::reason_max_bytes};
constexpr TextLimits answer_limits{.bytes_min = 1, .bytes_max = policy::appeal_bytes_max};
constexpr TextLimits id_limits{.bytes_min = 36, .bytes_max = 36};
constexpr TextLimits cause_limits{.bytes_min = 1, .bytes_max = policy::cause_max_bytes};

using WorkspaceNames = std::map<WorkspaceId, std::string>;

Result<WorkspaceNames> workspace_names(store::Session& session) {
  WorkspaceNames names;
  TRY(const auto all, access::workspaces(session));
  for (const auto& one : all) names[one.id] = one.name;
  return names;
}

Result<net::Response> appeals(Call& call) {
  TRY_STATUS(check_query(call, {}));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto waiting, policy::waiting_appeals(session));
    TRY(auto names, workspace_names(session));
    JsonWriter out(8192);
    out.begin_object().key("items").begin_array();
    for (const auto& one : waiting) {
      TRY(const auto measure, policy::load_measure(session, one.workspace, one.measure));
      out.begin_object().key("workspace").begin_object().member("id", one.workspace);
      out.member("name", names[one.workspace]).end_object().key("measure");
      write_measure(out, measure, waiting, reader_language(call.request));
      out.end_object();
    }
    out.end_array().member("total", static_cast<std::int64_t>(waiting.size())).member("total_is_exact", true);
    out.key("next_cursor").null().end_object();
    return json_response(200, out);
  });
}

// An appeal against a take-down was granted; it may have been put back meanwhile.
Status undo_take_down(Call& call, const policy::Appeal& granted) {
  TRY(const auto measure, call.api.database().query([&](store::Session& session) {
    return policy::load_measure(session, granted.workspace, granted.measure);
  }));
  const auto message = measure.is_take_down() ? MessageId::parse(measure.object_id) : std::nullopt;
  if (!message) return {};
  const auto done = put_back(call, granted.workspace, *message);
  return done || done.error().code == "not_removed" ? Status() : done;
}

Result<net::Response> decide(Call& call) {
  TRY(const auto id, path_id<policy::AppealId>(call));
  TRY(auto body, read_body(call));
  const auto outcome = body.choice("outcome", {"upheld", "reversed"});
  if (!outcome) body.refuse("outcome", "required", "This is needed.");
  const policy::Decision decision{
      .appeal = id, .is_reversed = outcome == "reversed", .answer = body.need_text("answer", answer_limits)};
  TRY_STATUS(finish_body(call, body));
  TRY(const auto decided, call.api.database().write(
                              [&](store::Transaction& tx) { return policy::decide_appeal(tx, call.actor, decision); }));
  if (decision.is_reversed) TRY_STATUS(undo_take_down(call, decided));
  JsonWriter out;
  write_appeal(out, decided);
  return json_response(200, out);
}

Result<net::Response> requests(Call& call) {
  TRY_STATUS(check_query(call, {}));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto waiting, policy::waiting_requests(session));
    TRY(auto names, workspace_names(session));
    JsonWriter out(4096);
    write_whole(out, waiting, [&](JsonWriter& to, const policy::TwoPersonRequest& one) {
      write_request(to, one, names[one.workspace], reader_language(call.request));
    });
    return json_response(200, out);
  });
}

Result<net::Response> ask(Call& call) {
  TRY(auto body, read_body(call));
  policy::NewTwoPersonRequest wanted;
  const auto in = WorkspaceId::parse(body.need_text("workspace", id_limits));
  if (!in) body.refuse("workspace", "not_allowed", "An id has the form of a UUID.");
  wanted.workspace = in.value_or(WorkspaceId{});
  const auto act = body.choice("act", {"lift", "kill"});
  if (!act) body.refuse("act", "required", "This is needed.");
  wanted.act = act == "kill" ? policy::TwoPersonAct::kill : policy::TwoPersonAct::lift;
  if (const auto suspension = body.text("suspension", id_limits)) {
    const auto id = policy::SuspensionId::parse(*suspension);
    if (!id) body.refuse("suspension", "not_allowed", "An id has the form of a UUID.");
    wanted.suspension = id.value_or(policy::SuspensionId{});
  }
  wanted.cause = body.text("cause", cause_limits).value_or("");
  wanted.reason = body.need_text("reason", reason_limits);
  TRY_STATUS(finish_body(call, body));
  return call.api.database().write([&](store::Transaction& tx) -> Result<net::Response> {
    TRY(const auto asked, policy::ask(tx, call.actor, wanted));
    TRY(const auto workspace, access::find_workspace(tx, asked.workspace));
    JsonWriter out;
    write_request(out, asked, workspace ? workspace->name : std::string(), reader_language(call.request));
    return json_response(201, out);
  });
}

Result<net::Response> confirm(Call& call) {
  TRY(const auto id, path_id<policy::RequestId>(call));
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) { return policy::confirm(tx, call.actor, id); }));
  return no_content();
}

Result<net::Response> withdraw(Call& call) {
  TRY(const auto id, path_id<policy::RequestId>(call));
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) { return policy::withdraw(tx, call.actor, id); }));
  return no_content();
}

Result<net::Response> clauses(Call& call) { return clause_page(call, std::nullopt); }

}  // namespace

void add_oversight_queue_routes(net::Router& router, ApiContext& api) {
  const auto read = [&](std::string_view path, Act act) {
    add_route(router, api, {.method = "GET", .path = path, .needs = {"oversight", "read"}, .act = std::move(act)});
  };
  const auto decides = [&](std::string_view method, std::string_view path, Act act, BodyKind body) {
    add_route(router, api,
              {.method = method,
               .path = path,
               .needs = {"oversight", "decide"},
               .act = std::move(act),
               .rate = RateClass::write,
               .body = body});
  };
  read("/oversight/appeals", appeals);
  decides("POST", "/oversight/appeals/{id}/decide", decide, BodyKind::json);
  read("/oversight/requests", requests);
  decides("POST", "/oversight/requests", ask, BodyKind::json);
  decides("POST", "/oversight/requests/{id}/confirm", confirm, BodyKind::none);
  decides("DELETE", "/oversight/requests/{id}", withdraw, BodyKind::none);
  read("/oversight/clauses", clauses);
}

}  // namespace answerable::http
