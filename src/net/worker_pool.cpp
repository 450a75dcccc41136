#include "net/worker_pool.h"

#include <utility>

#include "base/ensure.h"
#include "base/thread_name.h"

namespace answerable::net {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max) {
  ensure(threads > 0 && queue_max > 0, "a worker pool has threads and a queue");
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() { drain(); }

bool WorkerPool::submit(Job job) {
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    if (draining_ || queue_.size() >= queue_max_) return false;
    queue_.push_back(std::move(job));
    wake = idle_ > 0;  // a busy worker looks at the queue by itself: saves a system call
  }
  if (wake) wake_.notify_one();
  return true;
}

void WorkerPool::work() {
  name_this_thread("worker");
  std::unique_lock lock(mutex_);
  while (true) {
    if (queue_.empty()) {
      if (draining_) return;
      ++idle_;
      wake_.wait(lock, [this] { return !queue_.empty() || draining_; });
      --idle_;
      continue;
    }
    Job job = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    job();
    job = nullptr;  // what the job holds dies outside the lock
    lock.lock();
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
  return queue_.size();
}

}  // namespace answerable::net
