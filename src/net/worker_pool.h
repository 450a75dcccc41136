// A fixed number of threads for work that blocks (database, hashing), behind a queue with a bound. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace answerable::net {

class WorkerPool {
 public:
  using Job = std::move_only_function<void()>;  // must not throw: an exception that leaves it ends the process

  WorkerPool(std::size_t threads, std::size_t queue_max);
  ~WorkerPool();  // drain()
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // false: the queue is full, or drain() has begun; the job is then dropped unrun.
  [[nodiscard]] bool submit(Job job);
  // Runs what is queued, then ends the threads. Idempotent; not from a job.
  void drain();

  std::size_t thread_count() const { return threads_.size(); }
  std::size_t queue_max() const { return queue_max_; }
  std::size_t queue_depth() const;  // waiting, not running

 private:
  void work();

  const std::size_t queue_max_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> queue_;
  std::size_t idle_ = 0;
  bool draining_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace answerable::net
