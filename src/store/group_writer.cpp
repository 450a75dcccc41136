#include "store/group_writer.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>

#include "base/ensure.h"
#include "base/log.h"
#include "base/random.h"
#include "base/thread_name.h"

namespace answerable::store {
namespace {

thread_local bool is_writer_thread = false;
thread_local std::vector<Sum>* sums_of_job = nullptr;  // while one runs

void merge(std::vector<Sum>& sums, Sum more) {
  auto same = std::ranges::find(sums, more.row, &Sum::row);
  if (same == sums.end()) return sums.push_back(std::move(more));
  std::ranges::transform(same->amounts, more.amounts, same->amounts.begin(), std::plus());
  same->write = std::move(more.write);
}

// A job's exception is our own mistake: nothing sensible can be said about what it has done.
Status call(const Database::Job& job, Transaction& tx) {
  try {
    return job(tx);
  } catch (const std::exception& exception) {
    ensure_failed(exception.what(), std::source_location::current());
  }
}

}  // namespace

bool on_writer_thread() { return is_writer_thread; }

void add_up(std::string row, const Amounts& amounts, WriteAmounts write) {
  ensure(sums_of_job != nullptr, "counts are added up in a job");
  merge(*sums_of_job, {std::move(row), amounts, std::move(write)});
}

GroupWriter::GroupWriter(std::unique_ptr<Driver> driver, const DatabaseOptions& options, const Clock& clock,
                         Metrics& metrics)
    : driver_(std::move(driver)),
      options_(options),
      clock_(clock),
      commits_(metrics.counter("answerable_store_commits_total", "Commits, each with one sync")),
      jobs_(metrics.counter("answerable_store_jobs_total", "Jobs that were committed")),
      failed_jobs_(metrics.counter("answerable_store_failed_jobs_total", "Jobs that ended with an error")),
      reruns_(metrics.counter("answerable_store_reruns_total", "Groups of jobs that were rolled back and run again")),
      queue_(metrics.gauge("answerable_store_queue_depth", "Jobs that wait for the writer")),
      commit_seconds_(metrics.histogram("answerable_store_commit_seconds", "Time to run and commit a group of jobs")),
      thread_([this] { loop(); }) {}

GroupWriter::~GroupWriter() { close(); }

void GroupWriter::submit(Database::Job job, Database::Done done) { add(urgent_, std::move(job), std::move(done)); }

void GroupWriter::submit_bulk(Database::Job job, Database::Done done) { add(bulk_, std::move(job), std::move(done)); }

void GroupWriter::add(Queue& queue, Database::Job job, Database::Done done) {
  std::unique_lock lock(mutex_);
  auto refusal = [&]() -> Status {
    if (failed_) return std::unexpected(*failed_);
    if (closing_) return fail(ErrorKind::unavailable, "shutting_down", "The server is stopping: try again shortly.");
    if (waiting() >= static_cast<std::size_t>(options_.queue_max))
      return fail(ErrorKind::limited, "write_queue_full", "Too much is waiting to be stored: try again shortly.");
    return {};
  }();
  if (!refusal) {
    lock.unlock();
    done(std::move(refusal));
    return;
  }
  queue.push_back({std::move(job), std::move(done), nullptr});
  queue_.set(static_cast<std::int64_t>(waiting()));
  if (waiting() == 1) arrived_.notify_one();
}

Status GroupWriter::run_alone(std::function<Status(Driver&)> work) {
  ensure(!on_writer_thread(), "the writer thread may not wait for itself");
  std::mutex mutex;
  std::condition_variable ended;
  std::optional<Status> answer;
  auto done = [&](Status status) {
    std::lock_guard lock(mutex);
    answer = std::move(status);
    ended.notify_one();
  };
  {
    std::lock_guard lock(mutex_);
    if (failed_) return std::unexpected(*failed_);
    if (closing_) return fail(ErrorKind::unavailable, "shutting_down", "The server is stopping: try again shortly.");
    urgent_.push_back({nullptr, done, std::move(work)});
    arrived_.notify_one();
  }
  std::unique_lock lock(mutex);
  ended.wait(lock, [&] { return answer.has_value(); });
  return *answer;
}

std::size_t GroupWriter::queue_depth() const {
  std::lock_guard lock(mutex_);
  return waiting();
}

void GroupWriter::close() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    arrived_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

namespace {

void move_front(auto& queue, auto& group) {
  group.push_back(std::move(queue.front()));
  queue.pop_front();
}

}  // namespace

// Fills the group with what may be committed together; false when there is nothing left to do for ever.
bool GroupWriter::take(std::vector<Item>& group) {
  std::unique_lock lock(mutex_);
  auto awake = [this] { return closing_ || waiting() > 0; };
  while (!awake()) {
    if (!maintenance_pending_) {
      arrived_.wait(lock, awake);
    } else if (!arrived_.wait_for(lock, std::chrono::milliseconds(idle_ms), awake)) {
      lock.unlock();
      maintain(true);
      lock.lock();
    }
  }
  if (waiting() == 0) return false;
  const auto group_max = static_cast<std::size_t>(options_.group_max);
  while (!urgent_.empty() && !urgent_.front().alone && group.size() < group_max) move_front(urgent_, group);
  if (group.empty() && !urgent_.empty()) {  // what runs alone
    move_front(urgent_, group);
  } else {
    const auto most = group.empty() ? group_max : group.size() + bulk_beside;
    while (!bulk_.empty() && group.size() < most) move_front(bulk_, group);
  }
  queue_.set(static_cast<std::int64_t>(waiting()));
  return true;
}

void GroupWriter::loop() {
  name_this_thread("db-writer");
  is_writer_thread = true;
  std::vector<Item> group;
  while (take(group)) {
    std::optional<Error> failed;
    {
      std::lock_guard lock(mutex_);
      failed = failed_;
    }
    if (failed) {
      fail_all(group, *failed);
    } else if (group.front().alone) {
      group.front().done(group.front().alone(*driver_));
      maintenance_pending_ = true;
    } else {
      run_group(group);
    }
    group.clear();
  }
  if (!failed_) {  // only this thread writes it
    if (auto finished = driver_->finish(); !finished) log::error("store_close_failed", finished.error());
  }
  driver_.reset();
}

void GroupWriter::run_group(std::vector<Item>& group) {
  Effects effects;
  bool savepoints = cautious_ > 0 && group.size() > 1;
  if (cautious_ > 0) --cautious_;
  auto started = std::chrono::steady_clock::now();
  auto outcome = Attempt::repeat;
  is_rerun_ = false;
  for (int repeats = 0; repeats <= repeats_max;) {
    outcome = attempt(group, savepoints, effects);
    if (outcome == Attempt::with_savepoints) {
      savepoints = true;
      cautious_ = cautious_groups;
    } else if (outcome == Attempt::repeat) {
      // Another node was faster: wait a random time that doubles, at most half a second.
      auto bound = std::uint32_t{1'000} << std::min(repeats++, 9);
      std::this_thread::sleep_for(std::chrono::microseconds(random_below(bound)));
    } else {
      break;
    }
    is_rerun_ = true;
    reruns_.add();
  }
  if (outcome != Attempt::committed) {
    if (outcome == Attempt::fatal) {
      refuse_from_now_on(group_error_);
      fail_all(group, group_error_);
      return tell_fatal(group_error_);
    }
    if (outcome == Attempt::repeat)
      group_error_ = Error{ErrorKind::unavailable, "database_contended", "Others write the same data: try again."};
    return fail_all(group, group_error_);
  }
  auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started).count();
  auto good = std::ranges::count_if(results_, [](const Status& status) { return status.has_value(); });
  tell_commit(effects, static_cast<std::size_t>(good), took);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!results_[i]) failed_jobs_.add();
    group[i].done(std::move(results_[i]));
  }
  maintain(false);
}

GroupWriter::Attempt GroupWriter::attempt(std::vector<Item>& group, bool savepoints, Effects& effects) {
  effects = {};
  if (auto begun = driver_->begin(); !begun) return after_trouble(begun.error());
  if (options_.run_jobs_twice) {
    if (auto first = run_jobs(group, true, effects); first != Attempt::committed) return first;
    driver_->rollback();
    effects = {};
    if (auto begun = driver_->begin(); !begun) return after_trouble(begun.error());
  }
  if (auto ran = run_jobs(group, savepoints, effects); ran != Attempt::committed) return ran;
  if (auto written = write_sums(effects); !written) return after_trouble(written.error());
  if (auto committed = driver_->commit(); !committed) return after_trouble(committed.error());
  return Attempt::committed;
}

GroupWriter::Attempt GroupWriter::run_jobs(std::vector<Item>& group, bool savepoints, Effects& effects) {
  results_.clear();
  for (auto& item : group) {
    if (savepoints) {
      if (auto set = driver_->savepoint(); !set) return after_trouble(set.error());
    }
    driver_->mark();
    results_.push_back(run_job(item, effects));
    if (driver_->trouble()) return after_trouble(driver_->trouble()->error);
    if (!results_.back() && driver_->changed()) {
      if (may_be_a_race(results_.back().error())) {
        driver_->rollback();
        return Attempt::with_savepoints;
      }
      if (auto undone = undo_job(savepoints, group.size() == 1); undone != Attempt::committed) return undone;
    } else if (savepoints) {
      if (auto released = driver_->release_savepoint(); !released) return after_trouble(released.error());
    }
  }
  return Attempt::committed;
}

Status GroupWriter::run_job(Item& item, Effects& effects) {
  Transaction tx(*driver_, clock_);
  std::vector<Sum> sums;
  sums_of_job = &sums;
  auto status = call(item.job, tx);
  sums_of_job = nullptr;
  if (status && tx.failure()) status = std::unexpected(*tx.failure());
  if (!status) return status;
  for (auto& sum : sums) merge(effects.sums, std::move(sum));
  for (const auto& workspace : tx.announced_) {
    if (std::ranges::find(effects.announced, workspace) == effects.announced.end())
      effects.announced.push_back(workspace);
  }
  std::ranges::move(tx.on_commit_, std::back_inserter(effects.on_commit));
  return status;
}

Status GroupWriter::write_sums(const Effects& effects) {
  Transaction tx(*driver_, clock_);
  for (const auto& sum : effects.sums) TRY_STATUS(sum.write(tx, sum.amounts));
  return {};
}

// With other nodes on the same database a key may collide with a row that this transaction's snapshot does not show, so
// that the job could not know better (PostgreSQL's manual, 13.2.3). In a second run it sees the row.
bool GroupWriter::may_be_a_race(const Error& error) const {
  return driver_->engine() == Engine::postgres && !is_rerun_ && error.kind == ErrorKind::conflict;
}

GroupWriter::Attempt GroupWriter::undo_job(bool savepoints, bool alone) {
  if (savepoints) {
    if (auto undone = driver_->rollback_to_savepoint(); !undone) return after_trouble(undone.error());
    return Attempt::committed;
  }
  driver_->rollback();
  if (!alone) return Attempt::with_savepoints;
  // The only job of its group: nothing is left to commit but an empty transaction.
  if (auto begun = driver_->begin(); !begun) return after_trouble(begun.error());
  return Attempt::committed;
}

GroupWriter::Attempt GroupWriter::after_trouble(const Error& otherwise) {
  auto kind = driver_->trouble() ? driver_->trouble()->kind : Trouble::Kind::refused;
  group_error_ = driver_->trouble() ? driver_->trouble()->error : otherwise;
  driver_->rollback();
  switch (kind) {
    case Trouble::Kind::repeat: return Attempt::repeat;
    case Trouble::Kind::refused: return Attempt::refused;
    case Trouble::Kind::fatal: return Attempt::fatal;
  }
  return Attempt::fatal;
}

void GroupWriter::tell_commit(Effects& effects, std::size_t jobs, std::int64_t microseconds) {
  commits_.add();
  jobs_.add(jobs);
  commit_seconds_.observe_us(microseconds);
  for (auto& then : effects.on_commit) then();
  if (!options_.on_commit) return;
  for (const auto& workspace : effects.announced) options_.on_commit(workspace);
}

void GroupWriter::fail_all(std::vector<Item>& group, const Error& error) {
  failed_jobs_.add(group.size());
  for (auto& item : group) item.done(std::unexpected(error));
}

// After a failed sync the kernel may have dropped what we believe is written: nothing is acknowledged any more.
void GroupWriter::refuse_from_now_on(const Error& error) {
  log::error("storage_failed", error);
  maintenance_pending_ = false;
  std::lock_guard lock(mutex_);
  failed_ = error;
}

void GroupWriter::tell_fatal(const Error& error) {
  if (!options_.on_fatal) std::abort();
  options_.on_fatal(error);
}

void GroupWriter::maintain(bool idle) {
  auto pending = driver_->maintain(idle);
  maintenance_pending_ = pending.value_or(false);
  if (pending) return;
  refuse_from_now_on(pending.error());
  tell_fatal(pending.error());
}

}  // namespace answerable::store
