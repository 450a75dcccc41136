#include "net/worker_pool.h"

#include <chrono>
#include <utility>

#include "base/ensure.h"
#include "base/thread_name.h"

namespace answerable::net {

namespace {

// A quarter of the threads is left for the other lanes; of two or three, where that would slow a lane alone, none.
std::size_t lane_running_max(std::size_t threads) { return threads - threads / 4; }

}  // namespace

WorkerPool::WorkerPool(std::size_t threads, std::size_t queue_max)
    : queue_max_(queue_max),
      queue_({.waiting_max = queue_max, .lane_waiting_max = queue_max, .lane_running_max = lane_running_max(threads)}) {
  ensure(threads > 0 && queue_max > 0, "a worker pool has threads and a queue");
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() { drain(); }

bool WorkerPool::submit(Lane lane, Job job, Job refuse) {
  Piece piece{std::move(job), std::move(refuse)};
  std::optional<Piece> evicted;
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    if (draining_) return false;
    evicted = queue_.evict_for(lane, [](const Piece& one) { return one.refuse != nullptr; });
    if (!queue_.push(lane, piece)) return false;
    wake = idle_ > 0 && queue_.has_ready();  // a busy worker looks at the queue by itself: saves a system call
  }
  if (wake) wake_.notify_one();
  if (evicted) evicted->refuse();
  return true;
}

void WorkerPool::work() {
  name_this_thread("worker");
  std::unique_lock lock(mutex_);
  const auto is_over = [this] { return draining_ && queue_.waiting() == 0; };
  while (true) {
    auto next = queue_.pop();
    if (!next) {
      if (is_over()) return;
      ++idle_;
      wake_.wait(lock, [&] { return queue_.has_ready() || is_over(); });
      --idle_;
      continue;
    }
    const bool was_last = is_over();
    lock.unlock();
    if (was_last) wake_.notify_all();
    const auto began = std::chrono::steady_clock::now();
    next->second.job();
    next->second = {};  // what the job holds dies outside the lock
    const auto taken = std::chrono::steady_clock::now() - began;
    lock.lock();
    queue_.end(next->first, std::chrono::duration_cast<std::chrono::microseconds>(taken).count());
  }
}

void WorkerPool::drain() {
  {
    std::lock_guard lock(mutex_);
    draining_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::size_t WorkerPool::queue_depth() const {
  std::lock_guard lock(mutex_);
  return queue_.waiting();
}

}  // namespace answerable::net
