#include "policy/two_person.h"

#include "access/authorize.h"
#include "access/report_exposed.h"
#include "access/workspace.h"
#include "audit/ledger.h"
#include "base/utf8.h"
#include "policy/suspend.h"
#include "policy/violation.h"

namespace answerable::policy {
namespace {

constexpr std::string_view name_of(TwoPersonAct act) { return act == TwoPersonAct::kill ? "kill" : "lift"; }

TwoPersonRequest read_request(const store::Row& row) {
  return {.id = row.id<RequestId>(0),
          .workspace = row.id<WorkspaceId>(1),
          .act = row.text(2) == "kill" ? TwoPersonAct::kill : TwoPersonAct::lift,
          .suspension = row.id<SuspensionId>(3),
          .cause = row.string(4),
          .reason = row.string(5),
          .asked_by = row.id<UserId>(6),
          .asked_at = row.time(7)};
}

Status enter(store::Transaction& tx, const access::Actor& by, std::string_view action, const TwoPersonRequest& what) {
  audit::Act act{.workspace = what.workspace,
                 .actor = by.for_ledger(),
                 .action = action,
                 .object_kind = "two_person_request",
                 .object_id = what.id.text(),
                 .details = {{"act", std::string(name_of(what.act))}}};
  if (!what.suspension.is_nil()) act.details.emplace_back("suspension", what.suspension.text());
  TRY_STATUS(audit::append_entry(tx, act));
  return {};
}

Status may(const access::Actor& by) {
  TRY_STATUS(access::authorize(by, "oversight", "decide"));
  if (by.kind == access::Actor::Kind::user) return {};
  return fail(ErrorKind::denied, "not_allowed", "This takes two people.");
}

Status check(store::Session& session, const NewTwoPersonRequest& request) {
  const auto& reason = request.reason;
  if (reason.empty() || reason.size() > reason_max_bytes || !is_valid_utf8(reason) || reason.contains('\0'))
    return fail(ErrorKind::invalid, "bad_reason", "Say why, in at most 2,000 bytes: the workspace is told.");
  TRY(const auto workspace, access::find_workspace(session, request.workspace));
  if (!workspace) return fail(ErrorKind::not_found, "workspace_unknown", "There is no such workspace.");
  if (request.act == TwoPersonAct::lift) {
    TRY_STATUS(load_suspension(session, request.workspace, request.suspension));
    return {};
  }
  if (request.cause == "legal_prohibition" || request.cause == "emergency") return {};
  return fail(ErrorKind::invalid, "bad_cause", "The kill switch is for legal_prohibition or emergency.");
}

Result<TwoPersonRequest> load_waiting(store::Session& session, RequestId id) {
  TRY(auto found, session.find("select id, workspace_id, act, suspension_id, cause, reason, asked_by, asked_at "
                               "from two_person_requests where id = $1 and ended_at is null and asked_at > $2",
                               {id, session.now() - two_person_wait_ms}, read_request));
  if (!found)
    return fail(ErrorKind::not_found, "request_unknown", "There is no such request, or it is over: ask again.");
  return *std::move(found);
}

Status end(store::Transaction& tx, const access::Actor& by, RequestId id) {
  TRY_STATUS(
      tx.execute("update two_person_requests set ended_at = $2, ended_by = $3 where id = $1", {id, tx.now(), by.user}));
  return {};
}

}  // namespace

Result<TwoPersonRequest> ask(store::Transaction& tx, const access::Actor& by, const NewTwoPersonRequest& request) {
  TRY_STATUS(may(by));
  TRY_STATUS(check(tx, request));
  TRY(const auto waiting, waiting_requests(tx));
  if (std::ssize(waiting) >= two_person_waiting_max)
    return fail(ErrorKind::limited, "too_many_requests_waiting", "A hundred requests wait already: decide them first.");
  for (const auto& one : waiting) {
    const bool is_same = one.workspace == request.workspace && one.act == request.act;
    if (is_same && one.suspension == request.suspension)
      return fail(ErrorKind::conflict, "already_asked", "This was asked for already: another operator confirms it.");
  }
  const TwoPersonRequest asked{.id = RequestId::make(tx.clock()),
                               .workspace = request.workspace,
                               .act = request.act,
                               .suspension = request.suspension,
                               .cause = request.cause,
                               .reason = request.reason,
                               .asked_by = by.user,
                               .asked_at = tx.now()};
  TRY_STATUS(
      tx.execute("insert into two_person_requests (id, workspace_id, act, suspension_id, cause, reason, asked_by, "
                 "asked_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
                 {asked.id, asked.workspace, name_of(asked.act), asked.suspension, asked.cause, asked.reason,
                  asked.asked_by, asked.asked_at}));
  TRY_STATUS(enter(tx, by, "policy.ask", asked));
  return asked;
}

Status confirm(store::Transaction& tx, const access::Actor& by, RequestId id) {
  TRY_STATUS(may(by));
  TRY(const auto request, load_waiting(tx, id));
  if (request.asked_by == by.user)
    return fail(ErrorKind::denied, "second_person_must_differ", "Somebody else than who asked confirms it.");
  TRY(const bool is_strangers, access::was_exposed(tx, WorkspaceId{}, request.asked_by, request.asked_at));
  if (is_strangers)
    return fail(ErrorKind::denied, "asker_exposed",
                "Somebody else may know the access code that asked for this: withdraw it, and ask anew.");
  TRY_STATUS(end(tx, by, id));
  TRY_STATUS(enter(tx, by, "policy.confirm", request));
  if (request.act == TwoPersonAct::lift) return end_suspension(tx, by, request.workspace, request.suspension, "lift");
  TRY_STATUS(suspend(tx, by,
                     {.workspace = request.workspace,
                      .scope = Scope::everything,
                      .cause = request.cause,
                      .reason = request.reason,
                      .until = {}}));
  return record_kill_switch(tx, by, request.workspace, request.cause, request.reason);
}

Status withdraw(store::Transaction& tx, const access::Actor& by, RequestId id) {
  TRY_STATUS(may(by));
  TRY(const auto request, load_waiting(tx, id));
  TRY_STATUS(end(tx, by, id));
  return enter(tx, by, "policy.withdraw", request);
}

Result<std::vector<TwoPersonRequest>> waiting_requests(store::Session& session) {
  return session.all(
      "select id, workspace_id, act, suspension_id, cause, reason, asked_by, asked_at from two_person_requests "
      "where ended_at is null and asked_at > $1 order by asked_at, id",
      {session.now() - two_person_wait_ms}, read_request);
}

}  // namespace answerable::policy
