// The one writer of a database: a thread that takes waiting jobs in groups and commits each group with one sync.
// A group runs first without savepoints; only if a job fails after it has changed something is the group rolled back
// and run again with a savepoint around each job (and, because failures come in bursts, so are the next groups).
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "store/database.h"
#include "store/driver.h"
#include "store/sums.h"

namespace answerable::store {

// Whether this thread is the writer of any database: it may not wait for a write.
bool on_writer_thread();

// What was added up (sums.h), by the row.
struct Sum {
  std::string row;
  Amounts amounts;
  WriteAmounts write;
};

class GroupWriter {
 public:
  GroupWriter(std::unique_ptr<Driver> driver, const DatabaseOptions& options, const Clock& clock, Metrics& metrics);
  ~GroupWriter();  // close()
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  void submit(Database::Job job, Database::Done done);
  void submit_bulk(Database::Job job, Database::Done done);
  // Runs alone, outside any transaction, after what was submitted before (in bulk: perhaps before it). Blocks. For
  // migrations.
  Status run_alone(std::function<Status(Driver&)> work);
  std::size_t queue_depth() const;
  void close();

  static constexpr std::size_t bulk_beside = 128;  // jobs in bulk in a group with others; alone: options.group_max
  static constexpr int repeats_max = 10;           // of a group after a serialization failure
  static constexpr int cautious_groups = 64;       // groups with savepoints after one that had to be run again
  static constexpr int idle_ms = 1'000;            // after the last job, before idle maintenance

 private:
  struct Item {
    Database::Job job;
    Database::Done done;
    std::function<Status(Driver&)> alone;  // instead of a job
  };
  struct Effects {          // of the jobs that succeeded
    std::vector<Sum> sums;  // written before the commit; the others are told after it
    std::vector<WorkspaceId> announced;
    std::vector<std::function<void()>> on_commit;
  };
  enum class Attempt : std::uint8_t { committed, with_savepoints, repeat, refused, fatal };

  using Queue = std::deque<Item>;
  void add(Queue& queue, Database::Job job, Database::Done done);
  std::size_t waiting() const { return urgent_.size() + bulk_.size(); }
  void loop();
  bool take(std::vector<Item>& group);
  void run_group(std::vector<Item>& group);
  Attempt attempt(std::vector<Item>& group, bool savepoints, Effects& effects);
  Attempt run_jobs(std::vector<Item>& group, bool savepoints, Effects& effects);
  Status run_job(Item& item, Effects& effects);
  Status write_sums(const Effects& effects);
  bool may_be_a_race(const Error& error) const;
  Attempt undo_job(bool savepoints, bool alone);
  Attempt after_trouble(const Error& otherwise);
  void tell_commit(Effects& effects, std::size_t jobs, std::int64_t microseconds);
  void fail_all(std::vector<Item>& group, const Error& error);
  void refuse_from_now_on(const Error& error);
  void tell_fatal(const Error& error);
  void maintain(bool idle);

  std::unique_ptr<Driver> driver_;
  const DatabaseOptions options_;
  const Clock& clock_;
  Counter& commits_;
  Counter& jobs_;
  Counter& failed_jobs_;
  Counter& reruns_;
  Gauge& queue_;
  Histogram& commit_seconds_;

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  Queue urgent_;  // somebody waits for each of these
  Queue bulk_;
  bool closing_ = false;
  std::optional<Error> failed_;  // after a fatal error: everything is refused with it

  // Of the writer thread only.
  std::vector<Status> results_;
  Error group_error_;
  int cautious_ = 0;
  bool is_rerun_ = false;
  bool maintenance_pending_ = false;
  std::thread thread_;
};

}  // namespace answerable::store
