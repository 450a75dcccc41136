#include "cluster/log_reader.h"

#include <algorithm>
#include <chrono>

#include "base/ensure.h"
#include "base/log.h"
#include "base/thread_name.h"

namespace answerable::cluster {

LogReader::LogReader(LogReaderOptions options, store::Database& database, Fanout& fanout, Metrics& metrics)
    : options_(std::move(options)),
      database_(database),
      lag_(metrics.gauge("answerable_reader_lag_events", "Events of the log that a reader has not handled yet",
                         "reader=\"" + options_.name + "\"")),
      handled_(metrics.counter("answerable_reader_events_total", "Events that a reader has handled",
                               "reader=\"" + options_.name + "\"")),
      failures_(metrics.counter("answerable_reader_failures_total", "Batches that a reader could not handle",
                                "reader=\"" + options_.name + "\"")) {
  ensure(options_.handle != nullptr && options_.batch_max >= 1 && options_.batch_max <= events_max,
         "a log reader needs a handler and a batch of 1 to 1,000 events");
  subscription_ = fanout.on_wake([this](WorkspaceId workspace) {
    std::lock_guard lock(mutex_);
    woken_.insert(workspace);
    changed_.notify_all();
  });
  thread_ = std::thread([this] { loop(); });
}

LogReader::~LogReader() { stop(); }

void LogReader::stop() {
  subscription_.reset();
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

bool LogReader::catch_up() {
  std::unique_lock lock(mutex_);
  auto mine = ++wanted_;
  auto failures_before = failed_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return stopping_ || swept_ >= mine || failed_ != failures_before; });
  return swept_ >= mine;
}

void LogReader::loop() {
  name_this_thread(options_.name.c_str());
  for (;;) {
    std::set<WorkspaceId> woken;
    std::uint64_t wanted = 0;
    bool everywhere = false;
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return;
      woken.swap(woken_);
      wanted = wanted_;
      everywhere = wanted > swept_ || poll_due_;
      poll_due_ = false;
    }
    auto status = sweep(woken, everywhere);
    {
      std::lock_guard lock(mutex_);
      if (status) {
        if (everywhere) swept_ = wanted;
        backoff_ms_ = 0;
      } else {
        ++failed_;
        poll_due_ = true;  // whatever is left is found again
      }
      changed_.notify_all();
    }
    if (!status && status.error().code != "shutting_down") {
      failures_.add();
      log::error("log_reader_failed", status.error());
    }
    wait_for_work(!status);
  }
}

void LogReader::wait_for_work(bool failed) {
  std::unique_lock lock(mutex_);
  if (failed) {
    backoff_ms_ = std::clamp(backoff_ms_ * 2, 100, 10'000);
    auto asked = wanted_;
    changed_.wait_for(lock, std::chrono::milliseconds(backoff_ms_), [&] { return stopping_ || wanted_ != asked; });
    return;
  }
  auto work = [this] { return stopping_ || !woken_.empty() || wanted_ > swept_; };
  poll_due_ = !changed_.wait_for(lock, std::chrono::milliseconds(options_.poll_ms), work);
  if (poll_due_) return;
  changed_.wait_until(lock, rested_until_, [this] { return stopping_ || wanted_ > swept_; });
  rested_until_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(options_.gather_ms);
}

Status LogReader::sweep(const std::set<WorkspaceId>& woken, bool everywhere) {
  auto workspaces = woken;
  if (everywhere) {
    TRY(auto all, behind());
    workspaces.merge(all);
  }
  // What stops one workspace stops that one only.
  Status outcome;
  for (const auto& workspace : workspaces) {
    auto followed = follow(workspace);
    if (!followed && outcome) outcome = std::move(followed);
  }
  if (everywhere && outcome) lag_.set(0);
  return outcome;
}

// One workspace, batch after batch, to its end.
Status LogReader::follow(WorkspaceId workspace) {
  for (;;) {
    TRY(auto batch, read_batch(workspace));
    if (batch.events.empty()) return {};
    auto applied = apply(workspace, batch);
    if (!applied && applied.error().code != "cursor_moved") return applied;
    if (applied) handled_.add(batch.events.size());
    std::lock_guard lock(mutex_);
    if (stopping_) return fail(ErrorKind::unavailable, "shutting_down", "The reader is stopping.");
  }
}

Result<LogReader::Batch> LogReader::read_batch(WorkspaceId workspace) {
  return database_.query([&](store::Session& session) -> Result<Batch> {
    Batch batch;
    TRY(batch.after, load_cursor(session, options_.name, workspace));
    TRY(batch.events, events_after(session, workspace, batch.after, options_.batch_max));
    TRY(auto last, last_seq(session, workspace));
    lag_.set(last - batch.after);
    if (options_.prepare && !batch.events.empty()) TRY_STATUS(options_.prepare(session, workspace, batch.events));
    return batch;
  });
}

Status LogReader::apply(WorkspaceId workspace, const Batch& batch) {
  auto applied = database_.write([&](store::Transaction& tx) -> Result<bool> {
    TRY(auto cursor, load_cursor(tx, options_.name, workspace));
    if (cursor != batch.after)
      return fail(ErrorKind::conflict, "cursor_moved", "Another node has handled these events.");
    TRY_STATUS(options_.handle(tx, workspace, batch.events));
    TRY_STATUS(save_cursor(tx, options_.name, workspace, batch.events.back().seq));
    return true;
  });
  if (!applied) return std::unexpected(std::move(applied).error());
  return {};
}

Result<std::set<WorkspaceId>> LogReader::behind() {
  return database_.query([&](store::Session& session) -> Result<std::set<WorkspaceId>> {
    std::set<WorkspaceId> list;
    std::int64_t lag = 0;
    TRY_STATUS(
        session.each("select c.workspace_id, c.last_seq - coalesce(r.seq, 0) from workspace_counters c"
                     " left join reader_cursors r on r.workspace_id = c.workspace_id and r.reader = $1"
                     " where c.last_seq > coalesce(r.seq, 0)",
                     {options_.name}, [&](const store::Row& row) {
                       list.insert(row.id<WorkspaceId>(0));
                       lag += row.integer(1);
                     }));
    lag_.set(lag);
    return list;
  });
}

}  // namespace answerable::cluster
