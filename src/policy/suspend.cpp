#include "policy/suspend.h"

#include <algorithm>

#include "access/authorize.h"
#include "audit/ledger.h"
#include "base/utf8.h"
#include "cluster/event_log.h"

namespace answerable::policy {
namespace {

bool is_snake_case(std::string_view text) {
  if (text.empty() || text.size() > cause_max_bytes) return false;
  return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// An administrator acts within the own workspace only; the operator and the system on any.
Status may(const access::Actor& actor, std::string_view action, WorkspaceId workspace) {
  TRY_STATUS(access::authorize(actor, "policy", action));
  const bool is_elsewhere = actor.workspace != workspace;
  if (is_elsewhere && actor.kind != access::Actor::Kind::system && actor.role != access::Role::operator_)
    return fail(ErrorKind::denied, "not_allowed", "This workspace is not yours.");
  return {};
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
  audit::Act act{.workspace = what.workspace,
                 .actor = actor.for_ledger(),
                 .action = action,
                 .object_kind = "workspace",
                 .object_id = what.workspace.text(),
                 .details = {{"scope", std::string(to_string(what.scope))}}};
  if (!what.cause.empty()) act.details.emplace_back("cause", what.cause);
  if (what.until) act.details.emplace_back("until", to_rfc3339(*what.until));
  TRY_STATUS(audit::append_entry(tx, act));
  return {};
}

}  // namespace

Status suspend(store::Transaction& tx, const access::Actor& actor, const NewSuspension& suspension) {
  TRY_STATUS(may(actor, "suspend", suspension.workspace));
  TRY_STATUS(check(suspension, tx.now()));
  TRY(auto existing, find_suspension(tx, suspension.workspace, suspension.scope));
  if (existing) return fail(ErrorKind::conflict, "already_suspended", "It is suspended already: lift that first.");
  // One that ran out by itself makes place.
  TRY_STATUS(
      tx.execute("update suspensions set lifted_at = ends_at "
                 "where workspace_id = $1 and scope = $2 and lifted_at is null",
                 {suspension.workspace, to_string(suspension.scope)}));
  auto id = make_uuid_v7(tx.clock());
  store::Bytes id_bytes{{reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()}};
  TRY_STATUS(
      tx.execute("insert into suspensions (workspace_id, id, scope, cause, reason, began_at, ends_at) "
                 "values ($1, $2, $3, $4, $5, $6, $7)",
                 {suspension.workspace, id_bytes, to_string(suspension.scope), suspension.cause, suspension.reason,
                  tx.now(), suspension.until}));
  return tell(tx, actor, "policy.suspend", suspension);
}

Status lift(store::Transaction& tx, const access::Actor& actor, WorkspaceId workspace, Scope scope) {
  TRY_STATUS(may(actor, "lift", workspace));
  TRY(auto existing, find_suspension(tx, workspace, scope));
  if (!existing) return fail(ErrorKind::not_found, "not_suspended", "It is not suspended.");
  TRY_STATUS(
      tx.execute("update suspensions set lifted_at = $3 where workspace_id = $1 and scope = $2 and lifted_at is null",
                 {workspace, to_string(scope), tx.now()}));
  return tell(tx, actor, "policy.lift",
              {.workspace = workspace, .scope = scope, .cause = existing->cause, .reason = {}, .until = {}});
}

}  // namespace answerable::policy
