// What the detector of unusual traffic is fed with, and what it has learned, as the database keeps them: counts of one
// channel and one way a minute, and a baseline for each. Also what confirms that a spike does harm.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "policy/spike.h"
#include "store/session.h"

namespace answerable::policy {

inline constexpr std::string_view traffic_control = "unusual_traffic";  // the control of the clause fair_load

enum class Way : std::uint8_t { inbound, outbound };

struct TrafficKey {
  WorkspaceId workspace;
  ChannelId channel;
  Way way = Way::inbound;
  auto operator<=>(const TrafficKey&) const = default;
};

struct TrafficCount {
  TrafficKey key;
  std::int64_t minute = 0;  // since 1970
  std::int64_t messages = 0;
};

Status count_traffic(store::Transaction& tx, const TrafficCount& count);  // adds
// Of these minutes, both included, by minute.
Result<std::vector<TrafficCount>> traffic_between(store::Session& session, std::int64_t first, std::int64_t last);
Status forget_traffic(store::Transaction& tx, std::int64_t before_minute);

struct SavedBaseline {
  TrafficKey key;
  std::string state;  // SpikeDetector::save()
};
Status save_baseline(store::Transaction& tx, const SavedBaseline& baseline);
Result<std::vector<SavedBaseline>> saved_baselines(store::Session& session);

// What tells harm from success: a spike alone may be a good day.
struct SecondSignal {
  std::int64_t overdue = 0;  // deliveries of the workspace that should have left a minute ago
  std::int64_t settled = 0;  // deliveries that came to their end within ten minutes …
  std::int64_t failed = 0;   // … of them, those that failed or bounced
};
// Rules of the clause fair_load, with what holds when neither clause nor agreement has one.
struct TrafficRules {
  std::int64_t overdue = 200;          // spike_overdue
  std::int64_t failed_percent = 20;    // spike_failed_percent, of …
  std::int64_t settled_at_least = 20;  // spike_settled
};
Result<TrafficRules> traffic_rules(store::Session& session, WorkspaceId workspace);
// What confirms the spike, as a sentence; empty: nothing does.
std::string confirmation(const SecondSignal& signal, const TrafficRules& rules);
// The evidence, for people.
std::string facts_of(const TrafficKey& key, const Spike& spike);

}  // namespace answerable::policy
