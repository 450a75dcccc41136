// A named reader of the event log on its own thread: it wakes after commits, reads each workspace from its cursor in
// batches, and saves the cursor in the transaction of what its handler wrote. So every event is handled exactly once as
// far as the database goes, in order within a workspace, and a restart goes on where it stopped. Another node that runs
// the same reader does no harm: a batch whose cursor has moved is given up.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <thread>

#include "base/metrics.h"
#include "cluster/event_log.h"
#include "cluster/fanout.h"
#include "store/database.h"

namespace answerable::cluster {

struct LogReaderOptions {
  using Events = std::span<const Event>;

  std::string name;     // of the cursor, for ever; also the label of the metrics: [a-z_]+
  int batch_max = 100;  // events in one transaction: the writer does nothing else meanwhile
  // On the writer thread, inside the transaction that also moves the cursor. Its error leaves everything as it was; the
  // batch is tried again after 100 ms, doubling to 10 s. It may run more than once, like every job.
  std::function<Status(store::Transaction&, WorkspaceId, Events)> handle;
  // Optional, before it, on the reader's thread and in the snapshot that the events were read from: for the costly
  // part.
  std::function<Status(store::Session&, WorkspaceId, Events)> prepare;
  int poll_ms = 2'000;  // looks by itself this often: for commits of other nodes
  int gather_ms = 0;    // at least so long between two wakings, for handlers that are cheaper by the batch
};

class LogReader {
 public:
  LogReader(LogReaderOptions options, store::Database& database, Fanout& fanout, Metrics& metrics);
  ~LogReader();  // stop()

  // Blocks until everything committed before the call is handled; false when the reader is stopped or a batch fails.
  bool catch_up();
  // Finishes the batch at hand. No callback runs after it returns.
  void stop();

 private:
  struct Batch {
    std::int64_t after = 0;
    std::vector<Event> events;
  };
  void loop();
  Status sweep(const std::set<WorkspaceId>& woken, bool everywhere);
  Status follow(WorkspaceId workspace);
  Result<Batch> read_batch(WorkspaceId workspace);
  Status apply(WorkspaceId workspace, const Batch& batch);
  Result<std::set<WorkspaceId>> behind();
  void wait_for_work(bool failed);

  const LogReaderOptions options_;
  store::Database& database_;
  Gauge& lag_;
  Counter& handled_;
  Counter& failures_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<WorkspaceId> woken_;
  std::uint64_t wanted_ = 1;  // sweeps asked for by catch_up(); the first is the one at the start
  std::uint64_t swept_ = 0;   // of them, done
  std::uint64_t failed_ = 0;  // of them, tried in vain
  bool poll_due_ = false;
  bool stopping_ = false;
  int backoff_ms_ = 0;
  std::chrono::steady_clock::time_point rested_until_;  // gather_ms after the last waking
  std::unique_ptr<Subscription> subscription_;
  std::thread thread_;
};

}  // namespace answerable::cluster
