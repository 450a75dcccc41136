// Suspends a workspace in one scope for one cause, and lifts it. Both leave a ledger entry and the event
// "suspension_changed", which wakes the outbox: its deliveries become `held` at once, and leave in order after the last
// suspension is lifted, cured (cure.h) or has run out.
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

// One a scope and cause; an administrator's cause is none of those that the operator and the controls go by. Errors:
// denied, also "cause_reserved"; invalid "bad_cause", "bad_reason", "bad_until"; conflict "already_suspended".
Status suspend(store::Transaction& tx, const access::Actor& actor, const NewSuspension& suspension);
// All that the scope has. An administrator lifts what an administrator has set, the system anything, the operator only
// together with a second one (two_person.h). Errors: denied "not_allowed", "not_yours_to_lift",
// "second_person_needed"; not_found "not_suspended".
Status lift(store::Transaction& tx, const access::Actor& actor, WorkspaceId workspace, Scope scope);

// `why`: "lift" (by hand), "resume" (cured), "end" (its time has come). The caller has asked who may. Errors: not_found
// "not_suspended".
Status end_suspension(store::Transaction& tx, const access::Actor& actor, WorkspaceId workspace, SuspensionId id,
                      std::string_view why);
Result<Suspension> load_suspension(store::Session& session, WorkspaceId workspace, SuspensionId id);

}  // namespace answerable::policy
