// A fixed number of threads for work that blocks (database, hashing), behind a queue with a bound. Work waits in lanes,
// by whom it is for; lanes share the threads' time, and none can have all threads (base/fair_queue.h). Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/fair_queue.h"

namespace answerable::net {

class WorkerPool {
 public:
  using Job = std::move_only_function<void()>;  // must not throw: an exception that leaves it ends the process
  static constexpr Lane own_lane = 0;           // of the server itself

  WorkerPool(std::size_t threads, std::size_t queue_max);
  ~WorkerPool();  // drain()
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // false: the queue is full and no longer lane has work that can give way, or drain() has begun; the job is then
  // dropped unrun. A job with a `refuse` may give way to another lane's when the queue is full: `refuse` runs then
  // instead, on the thread of whoever pushed it out; it must be short.
  [[nodiscard]] bool submit(Lane lane, Job job, Job refuse = {});
  [[nodiscard]] bool submit(Job job) { return submit(own_lane, std::move(job)); }
  // Runs what is queued, then ends the threads. Idempotent; not from a job.
  void drain();

  std::size_t thread_count() const { return threads_.size(); }
  std::size_t queue_max() const { return queue_max_; }
  std::size_t queue_depth() const;  // waiting, not running

 private:
  struct Piece {
    Job job, refuse;
  };
  void work();

  const std::size_t queue_max_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  FairQueue<Piece> queue_;
  std::size_t idle_ = 0;
  bool draining_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace answerable::net
