#include "policy/suspend.h"

#include <algorithm>

#include "access/authorize.h"
#include "audit/ledger.h"
#include "base/utf8.h"
#include "cluster/event_log.h"
#include "policy/clause.h"
#include "policy/cure.h"
#include "policy/suspension_row.h"

namespace answerable::policy {
namespace {

// An administrator acts within the own workspace only; the operator and the system on any.
Status may(const access::Actor& actor, std::string_view action, WorkspaceId workspace) {
  TRY_STATUS(access::authorize(actor, "policy", action));
  const bool is_elsewhere = actor.workspace != workspace;
  if (is_elsewhere && actor.kind != access::Actor::Kind::system && actor.role != access::Role::operator_)
    return fail(ErrorKind::denied, "not_allowed", "This workspace is not yours.");
  return {};
}

// Whoever suspends by hand may call the cause what he likes, also by the name of a person: the ledger, which keeps it
// for ever, gets only those that the program knows.
std::string_view cause_for_ledger(std::string_view cause) {
  if (cause == "emergency") return cause;
  return std::ranges::find(cures(), cause, &Cure::cause) == cures().end() ? "other" : cause;
}

std::string_view imposer(const access::Actor& actor) {
  if (actor.kind == access::Actor::Kind::system) return "system";
  return actor.role == access::Role::operator_ ? "operator" : "administrator";
}

Status check(const NewSuspension& suspension, Time now) {
  if (!is_snake_case(suspension.cause))
    return fail(ErrorKind::invalid, "bad_cause", "The cause is a snake_case name of at most 64 characters.");
  const auto& reason = suspension.reason;
  if (reason.empty() || reason.size() > reason_max_bytes || !is_valid_utf8(reason) || reason.contains('\0'))
    return fail(ErrorKind::invalid, "bad_reason", "Say why, in at most 2,000 bytes: the workspace is told.");
  if (suspension.until && *suspension.until <= now)
    return fail(ErrorKind::invalid, "bad_until", "The end of a suspension lies in the future.");
  return {};
}

Status tell(store::Transaction& tx, const access::Actor& actor, std::string_view action, const NewSuspension& what) {
  auto actor_id = actor.id_text();
  TRY_STATUS(cluster::append_event(tx, {.workspace = what.workspace,
                                        .kind = "suspension_changed",
                                        .conversation = {},
                                        .message = {},
                                        .actor_kind = actor.kind_name(),
                                        .actor_id = actor_id}));
  audit::Act act{
      .workspace = what.workspace,
      .actor = actor.for_ledger(),
      .action = action,
      .object_kind = "workspace",
      .object_id = what.workspace.text(),
      .details = {{"scope", std::string(to_string(what.scope))}, {"cause", std::string(cause_for_ledger(what.cause))}}};
  if (what.until) act.details.emplace_back("until", to_rfc3339(*what.until));
  TRY_STATUS(audit::append_entry(tx, act));
  return {};
}

Status may_lift(const access::Actor& actor, const Suspension& suspension) {
  if (actor.kind == access::Actor::Kind::system) return {};
  if (actor.role == access::Role::operator_)
    return fail(ErrorKind::denied, "second_person_needed", "Lifting by hand takes two operators: ask for it first.");
  if (suspension.imposed_by == "administrator") return {};
  return fail(ErrorKind::denied, "not_yours_to_lift", "Only its cure or the operator ends this suspension: appeal.");
}

std::unexpected<Error> not_suspended() { return fail(ErrorKind::not_found, "not_suspended", "It is not suspended."); }

}  // namespace

Status suspend(store::Transaction& tx, const access::Actor& actor, const NewSuspension& suspension) {
  TRY_STATUS(may(actor, "suspend", suspension.workspace));
  TRY_STATUS(check(suspension, tx.now()));
  // Else an administrator takes the place of what a control or the operator imposes later, and lifts it.
  if (imposer(actor) == "administrator" && cause_for_ledger(suspension.cause) != "other")
    return fail(ErrorKind::denied, "cause_reserved", "This cause is the operator's and the controls': name another.");
  TRY(const auto existing,
      tx.number("select count(*) from suspensions where workspace_id = $1 and scope = $2 and cause = $3 and lifted_at "
                "is null and (ends_at is null or ends_at > $4)",
                {suspension.workspace, to_string(suspension.scope), suspension.cause, tx.now()}));
  if (existing > 0)
    return fail(ErrorKind::conflict, "already_suspended", "It is suspended for this cause already: lift that first.");
  // One that ran out by itself makes place.
  TRY_STATUS(
      tx.execute("update suspensions set lifted_at = ends_at "
                 "where workspace_id = $1 and scope = $2 and cause = $3 and lifted_at is null",
                 {suspension.workspace, to_string(suspension.scope), suspension.cause}));
  TRY_STATUS(
      tx.execute("insert into suspensions (workspace_id, id, scope, cause, reason, began_at, ends_at, imposed_by) "
                 "values ($1, $2, $3, $4, $5, $6, $7, $8)",
                 {suspension.workspace, SuspensionId::make(tx.clock()), to_string(suspension.scope), suspension.cause,
                  suspension.reason, tx.now(), suspension.until, imposer(actor)}));
  return tell(tx, actor, "policy.suspend", suspension);
}

Status lift(store::Transaction& tx, const access::Actor& actor, WorkspaceId workspace, Scope scope) {
  TRY_STATUS(may(actor, "lift", workspace));
  TRY(const auto all, suspensions(tx, workspace));
  bool has_any = false;
  for (const auto& one : all) {
    if (one.scope != scope) continue;
    has_any = true;
    TRY_STATUS(may_lift(actor, one));
    TRY_STATUS(end_suspension(tx, actor, workspace, one.id, "lift"));
  }
  if (!has_any) return not_suspended();
  return {};
}

Status end_suspension(store::Transaction& tx, const access::Actor& actor, WorkspaceId workspace, SuspensionId id,
                      std::string_view why) {
  TRY(const auto ended, load_suspension(tx, workspace, id));
  TRY_STATUS(
      tx.execute("update suspensions set lifted_at = $3 where workspace_id = $1 and id = $2 and lifted_at is null",
                 {workspace, id, tx.now()}));
  // The measures that it followed from end with it; what was lifted by hand does not count against the workspace.
  TRY_STATUS(
      tx.execute("update policy_measures set ended_at = $4, ended_as = $5 where workspace_id = $1 and cause = $2 "
                 "and scope = $3 and kind = 'suspend' and ended_as = ''",
                 {workspace, ended.cause, to_string(ended.scope), tx.now(), why == "lift" ? "dismissed" : "cured"}));
  return tell(tx, actor, "policy." + std::string(why),
              {.workspace = workspace, .scope = ended.scope, .cause = ended.cause, .reason = {}, .until = {}});
}

Result<Suspension> load_suspension(store::Session& session, WorkspaceId workspace, SuspensionId id) {
  TRY(auto found, session.find("select id, scope, cause, reason, began_at, ends_at, imposed_by, cured_at "
                               "from suspensions where workspace_id = $1 and id = $2 and lifted_at is null",
                               {workspace, id}, read_suspension));
  if (!found) return not_suspended();
  return *std::move(found);
}

}  // namespace answerable::policy
