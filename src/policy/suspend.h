// Suspends a workspace in one scope, and lifts it. Both leave a ledger entry and the event "suspension_changed", which
// wakes the outbox: its deliveries become `held` at once, and leave in order after the suspension is lifted or has run
// out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "policy/judge.h"
#include "store/session.h"

namespace answerable::policy {

inline constexpr std::size_t cause_max_bytes = 64;
inline constexpr std::size_t reason_max_bytes = 2'000;

struct NewSuspension {
  WorkspaceId workspace;
  Scope scope = Scope::sending;
  std::string cause;
  std::string reason;
  std::optional<Time> until;
};

// Errors: denied; invalid "bad_cause", "bad_reason", "bad_until"; conflict "already_suspended".
Status suspend(store::Transaction& tx, const access::Actor& actor, const NewSuspension& suspension);
// Errors: denied, not_found "not_suspended".
Status lift(store::Transaction& tx, const access::Actor& actor, WorkspaceId workspace, Scope scope);

}  // namespace answerable::policy
