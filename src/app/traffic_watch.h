// The control of unusual traffic: counts what the event log tells, minute by minute and channel by channel, and asks
// the detector (policy/spike.h). What is unusual is told to the workspace. Only what its own people and programs send
// can be a violation, and only when a second signal shows that it does harm; the measure ends by itself when the
// traffic is as usual again.
//
// A restart goes on where it was: baselines are saved each quarter of an hour, and the counts since then are in the
// database. Minutes in which nothing at all was counted while the server was away count as unknown.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cluster/log_reader.h"
#include "policy/control.h"
#include "policy/traffic.h"
#include "store/database.h"

namespace answerable::app {

inline constexpr std::size_t watched_max = 10'000;            // channels and ways; those beyond are not watched
inline constexpr std::int64_t settled_after_ms = 10'000;      // a minute is over when its events have been read
inline constexpr std::int64_t caught_up_minutes_max = 1'440;  // looked at after a longer absence

class TrafficWatch {
 public:
  using FindSignal = std::function<Result<policy::SecondSignal>(store::Session&, WorkspaceId)>;
  // Both outlive it.
  TrafficWatch(store::Database& database, const Clock& clock, FindSignal find_signal)
      : database_(database), clock_(clock), find_signal_(std::move(find_signal)) {}

  ~TrafficWatch() { stop(); }
  // Begins to count; without it only what others have counted is seen.
  void start(cluster::Fanout& fanout, Metrics& metrics);
  // Blocks until what was committed before is counted; false: it cannot be.
  bool catch_up() { return counter_ && counter_->catch_up(); }
  // Ends counting and saves what was learned. watch() is called no more.
  void stop();
  // Looks at the minutes that are over. Called every few seconds, by one thread; short but for the first time.
  Status watch();

 private:
  struct Watched {
    policy::SpikeDetector detector{};
    bool is_told = false;      // of the spike that goes on
    bool is_reported = false;  // as a violation
  };
  Status load();
  Status save();
  Status prepare(store::Session& session, WorkspaceId workspace, cluster::LogReaderOptions::Events events);
  Status look_at(std::int64_t first, std::int64_t last);
  Watched* find(const policy::TrafficKey& key);
  Status judge(const policy::TrafficKey& key, Watched& watched);
  Status report(const policy::TrafficKey& key, Watched& watched, const std::string& facts);
  Status end_measures();

  store::Database& database_;
  const Clock& clock_;
  const FindSignal find_signal_;
  std::map<std::pair<policy::TrafficKey, std::int64_t>, std::int64_t> counted_;  // of the batch; the reader's thread
  std::map<policy::TrafficKey, Watched> watched_;
  std::int64_t looked_until_ = -1;  // minute
  std::int64_t saved_at_ = -1;      // minute
  std::unique_ptr<cluster::LogReader> counter_;
};

// Overdue deliveries, and those that failed lately.
Result<policy::SecondSignal> find_second_signal(store::Session& session, WorkspaceId workspace);

// A spike without a second signal is told and leads to nothing; with one it leads to a measure, which ends when the
// traffic is as usual again.
Status test_unusual_traffic(policy::Scratch& scratch);

}  // namespace answerable::app
