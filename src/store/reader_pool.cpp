#include "store/reader_pool.h"

#include <exception>

#include "base/ensure.h"

namespace answerable::store {
namespace {

thread_local bool is_reading = false;

Status call(const std::function<Status(Session&)>& job, Session& session) {
  try {
    return job(session);
  } catch (const std::exception& exception) {
    ensure_failed(exception.what(), std::source_location::current());
  }
}

}  // namespace

ReaderPool::ReaderPool(Open open, int readers_max, const Clock& clock)
    : open_(std::move(open)), readers_max_(readers_max), clock_(clock) {}

Status ReaderPool::read(const std::function<Status(Session&)>& job) {
  ensure(!is_reading, "a read inside a read waits for its own connection: use the outer session");
  TRY(auto driver, take());
  is_reading = true;
  auto status = [&]() -> Status {
    TRY_STATUS(driver->begin());
    Session session(*driver, clock_);
    auto answer = call(job, session);
    if (answer && session.failure()) return std::unexpected(*session.failure());
    return answer;
  }();
  is_reading = false;
  driver->rollback();
  give_back(std::move(driver));
  return status;
}

Result<std::unique_ptr<Driver>> ReaderPool::take() {
  std::unique_lock lock(mutex_);
  free_or_closed_.wait(lock, [this] { return closing_ || !idle_.empty() || opened_ < readers_max_; });
  if (closing_) return fail(ErrorKind::unavailable, "shutting_down", "The server is stopping: try again shortly.");
  if (!idle_.empty()) {
    auto driver = std::move(idle_.back());
    idle_.pop_back();
    ++lent_;
    return driver;
  }
  ++opened_;
  ++lent_;
  lock.unlock();
  auto driver = open_();
  if (driver) return driver;
  lock.lock();
  --opened_;
  --lent_;
  free_or_closed_.notify_all();
  return driver;
}

void ReaderPool::give_back(std::unique_ptr<Driver> driver) {
  std::lock_guard lock(mutex_);
  idle_.push_back(std::move(driver));
  --lent_;
  if (closing_)
    free_or_closed_.notify_all();
  else
    free_or_closed_.notify_one();
}

void ReaderPool::close() {
  std::unique_lock lock(mutex_);
  closing_ = true;
  free_or_closed_.notify_all();
  free_or_closed_.wait(lock, [this] { return lent_ == 0; });
  idle_.clear();
}

}  // namespace answerable::store
