#include "app/housekeeper.h"

#include <chrono>

#include "base/log.h"
#include "base/thread_name.h"

namespace answerable::app {

Housekeeper::Housekeeper(std::vector<Task> tasks, const Clock& clock) : clock_(clock) {
  for (auto& task : tasks) tasks_.push_back({std::move(task), clock.monotonic_ms()});
  thread_ = std::thread([this] { loop(); });
}

Housekeeper::~Housekeeper() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void Housekeeper::run_due() {
  std::lock_guard lock(running_);
  for (auto& scheduled : tasks_) {
    if (clock_.monotonic_ms() < scheduled.due_ms) continue;
    scheduled.due_ms = clock_.monotonic_ms() + scheduled.task.every_ms;
    if (auto status = scheduled.task.act(); !status)
      log::error("housekeeping_failed:" + scheduled.task.name, status.error());
  }
}

void Housekeeper::loop() {
  name_this_thread("housekeeper");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    run_due();
    lock.lock();
    stop_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; });
  }
}

}  // namespace answerable::app
