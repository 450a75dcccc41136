// Whether a workspace's people and programs may come in now, and how often they may ask. Remembered for half a second,
// so that a request costs a look into memory and a suspension holds everywhere within a second. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "policy/allowance.h"
#include "policy/judge.h"
#include "store/database.h"

namespace answerable::http {

class Standing {
 public:
  static constexpr std::int64_t remembered_ms = 500;
  static constexpr std::size_t remembered_max = 10'000;

  // Both outlive it.
  Standing(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Administrators come in to see why and to cure it, the operator always. Errors: suspended "api_suspended",
  // "sign_in_suspended" with the reason; those of the database.
  Status judge(const access::Actor& actor);
  // Never null; without an answer of the database: what the configuration says.
  std::shared_ptr<const policy::Allowance> allowance(WorkspaceId workspace);
  // Call when something has changed: it is read anew.
  void forget(WorkspaceId workspace);

 private:
  struct Known {
    std::int64_t checked_ms = 0;
    std::optional<policy::Suspension> api, sign_in;
    policy::Allowance allowance;
  };
  Result<std::shared_ptr<const Known>> look(WorkspaceId workspace);

  store::Database& database_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<WorkspaceId, std::shared_ptr<const Known>> known_;
};

}  // namespace answerable::http
