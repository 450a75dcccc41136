// How a suspension ends by itself: each cause has a cure that the program can check, and a worker that checks them all
// every second lifts what is cured.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"
#include "policy/judge.h"
#include "store/session.h"

namespace answerable::policy {

struct Cure {
  std::string_view cause;
  Result<bool> (*is_cured)(store::Session&, WorkspaceId, const Suspension&);
};

// policy_breach, unlawful_use, unusual_traffic, workspace_attack, legal_prohibition, payment_default. A suspension for
// another cause ends at its time or by hand.
std::span<const Cure> cures();

// A control that watches a cause itself (traffic, a rescan, an order of a court that is lifted) says so: the suspension
// ends within a second or two. False takes it back. Suspensions for other causes stay.
Status report_cured(store::Transaction& tx, WorkspaceId workspace, std::string_view cause, bool is_cured);

inline constexpr int resumed_max = 500;  // in one call
// Ends what is cured or over. Returns how many.
Result<int> resume_cured(store::Transaction& tx);
// Whether resume_cured() has anything to do; cheap when nothing is suspended.
Result<bool> is_anything_cured(store::Session& session);

}  // namespace answerable::policy
