// Arrivals that wait for a worker thread: the workspaces in turn, those of one workspace first come first served, so
// that a flood for one delays nobody else. Workers parse side by side; what they made of the arrivals goes on in the
// order in which these were taken (Sequence), so that an answer is never understood before what it answers. An item may
// be put back with a delay (its database had no space). Thread-safe; bounded by the intake, which counts what it
// accepts.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/fair_queue.h"
#include "base/id.h"
#include "intake/arrival.h"

namespace answerable::intake {

struct WorkItem {
  WorkspaceId workspace;
  SpoolId spool;
  std::optional<Arrival> arrival;  // nothing: to be read from the spool
  Insistence insistence = Insistence::none;
  int attempts = 0;
  std::optional<bool> pair_limit_reached;  // counted before: each arrival counts once, however often it is tried
  bool is_held = false;                    // counted as waiting for the malware scanner
  std::optional<int> tries;                // of one that a start took up, until it is noted that it is read now
  std::uint64_t turn = 0;                  // its place in the Sequence; given by pop()
};

class WorkQueue {
 public:
  explicit WorkQueue(const Clock& clock) : clock_(clock) {}

  void push(WorkItem item);
  void push_later(WorkItem item, std::int64_t delay_ms);
  // Blocks; nothing when closed.
  std::optional<WorkItem> pop();
  void close();

 private:
  static constexpr std::size_t bound = std::numeric_limits<std::size_t>::max();
  void take_due();
  void make_ready(WorkItem item);

  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  FairQueue<WorkItem> ready_{{.waiting_max = bound, .lane_waiting_max = bound, .lane_running_max = bound}};
  std::multimap<std::int64_t, WorkItem> later_;  // due by the monotonic clock
  std::uint64_t next_turn_ = 0;
  std::size_t sleeping_ = 0;
  bool closed_ = false;
};

// Runs what was made of the items in the order of their turns. Every turn must come once, even with nothing to run.
class Sequence {
 public:
  using Next = std::function<void()>;  // short; runs under the lock, on the thread that completes the gap
  void complete(std::uint64_t turn, Next next);

 private:
  std::mutex mutex_;
  std::uint64_t due_ = 0;
  std::map<std::uint64_t, Next> early_;
};

}  // namespace answerable::intake
