// Acts that take two operators: lifting a suspension by hand, and the kill switch. One asks, another one confirms
// within a day; both are in the ledger of the workspace.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "policy/judge.h"
#include "store/session.h"

namespace answerable::policy {

using RequestId = Id<struct TwoPersonTag>;

inline constexpr std::int64_t two_person_wait_ms = 24LL * 3'600'000;
inline constexpr std::int64_t two_person_waiting_max = 100;  // of the installation

enum class TwoPersonAct : std::uint8_t {
  lift,  // ends one suspension
  kill,  // suspends everything at once, for a legal or emergency cause
};

struct TwoPersonRequest {
  RequestId id;
  WorkspaceId workspace;
  TwoPersonAct act = TwoPersonAct::lift;
  SuspensionId suspension;  // to lift; nil for the kill switch
  std::string cause;        // of the kill switch: "legal_prohibition" or "emergency"
  std::string reason;       // why; for the kill switch what the workspace is told
  UserId asked_by;
  Time asked_at;
};

struct NewTwoPersonRequest {
  WorkspaceId workspace;
  TwoPersonAct act = TwoPersonAct::lift;
  SuspensionId suspension;
  std::string cause, reason;
};

// By an operator who is a person. Errors: denied; invalid "bad_reason", "bad_cause"; not_found "not_suspended",
// "workspace_unknown"; conflict "already_asked"; limited "too_many_requests_waiting".
Result<TwoPersonRequest> ask(store::Transaction& tx, const access::Actor& by, const NewTwoPersonRequest& request);
// By another operator; does it at once. Errors: denied "second_person_must_differ", "asker_exposed" (the asker's access
// code was reported since); not_found "request_unknown" (also
// when it was withdrawn or is older than a day); those of the act.
Status confirm(store::Transaction& tx, const access::Actor& by, RequestId id);
// By any operator.
Status withdraw(store::Transaction& tx, const access::Actor& by, RequestId id);
// Those that wait, oldest first.
Result<std::vector<TwoPersonRequest>> waiting_requests(store::Session& session);

}  // namespace answerable::policy
