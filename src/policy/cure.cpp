#include "policy/cure.h"

#include <algorithm>
#include <array>

#include "policy/suspend.h"
#include "policy/suspension_row.h"

namespace answerable::policy {
namespace {

Result<bool> is_reported(store::Session&, WorkspaceId, const Suspension& suspension) {
  return suspension.cured_at.has_value();
}

// Every access code of before is gone: all sessions and keys that still hold were made after it began.
Result<bool> are_codes_rotated(store::Session& session, WorkspaceId workspace, const Suspension& suspension) {
  TRY(const auto old,
      session.number(
          "select (select count(*) from sessions where workspace_id = $1 and created_at <= $2 and ends_at > $3) + "
          "(select count(*) from api_keys where workspace_id = $1 and created_at <= $2 and revoked_at is null "
          "and (expires_at is null or expires_at > $3))",
          {workspace, suspension.since, session.now()}));
  return old == 0;
}

constexpr std::array table{
    Cure{"policy_breach", is_reported},     Cure{"unlawful_use", is_reported},
    Cure{"unusual_traffic", is_reported},   Cure{"workspace_attack", are_codes_rotated},
    Cure{"legal_prohibition", is_reported}, Cure{"payment_default", is_reported},
};

struct Open {
  WorkspaceId workspace;
  Suspension suspension;
};

Result<std::vector<Open>> open_suspensions(store::Session& session) {
  return session.all(
      "select id, scope, cause, reason, began_at, ends_at, imposed_by, cured_at, workspace_id from suspensions "
      "where lifted_at is null order by began_at, id",
      {}, [](const store::Row& row) {
        return Open{.workspace = row.id<WorkspaceId>(8), .suspension = read_suspension(row)};
      });
}

// "resume" (cured), "end" (over), or nothing.
Result<std::string_view> why_it_ends(store::Session& session, const Open& open) {
  const auto& suspension = open.suspension;
  if (suspension.until && *suspension.until <= session.now()) return "end";
  const auto cure = std::ranges::find(table, suspension.cause, &Cure::cause);
  if (cure == table.end()) return "";
  TRY(const bool is_cured, cure->is_cured(session, open.workspace, suspension));
  return is_cured ? "resume" : "";
}

}  // namespace

std::span<const Cure> cures() { return table; }

Status report_cured(store::Transaction& tx, WorkspaceId workspace, std::string_view cause, bool is_cured) {
  std::optional<Time> at;
  if (is_cured) at = tx.now();
  TRY_STATUS(
      tx.execute("update suspensions set cured_at = $3 where workspace_id = $1 and cause = $2 and lifted_at is null",
                 {workspace, cause, at}));
  return {};
}

Result<int> resume_cured(store::Transaction& tx) {
  TRY(const auto open, open_suspensions(tx));
  int ended = 0;
  for (const auto& one : open) {
    if (ended == resumed_max) break;
    TRY(const auto why, why_it_ends(tx, one));
    if (why.empty()) continue;
    TRY_STATUS(end_suspension(tx, access::system_actor(one.workspace), one.workspace, one.suspension.id, why));
    ++ended;
  }
  return ended;
}

Result<bool> is_anything_cured(store::Session& session) {
  TRY(const auto open, open_suspensions(session));
  for (const auto& one : open) {
    TRY(const auto why, why_it_ends(session, one));
    if (!why.empty()) return true;
  }
  return false;
}

}  // namespace answerable::policy
