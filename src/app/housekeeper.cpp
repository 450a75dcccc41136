#include "app/housekeeper.h"

#include <chrono>

#include "base/log.h"
#include "base/thread_name.h"

namespace answerable::app {

Housekeeper::Housekeeper(std::vector<Task> tasks, const Clock& clock, HasDuty has_duty)
    : clock_(clock), has_duty_(std::move(has_duty)) {
  for (auto& task : tasks) {
    const auto due_ms = clock.monotonic_ms() + task.first_after_ms;
    tasks_.push_back({std::move(task), due_ms});
  }
  thread_ = std::thread([this] { loop(); });
}

Housekeeper::~Housekeeper() {
  {
    std::lock_guard lock(mutex_);
    stopping_.request_stop();
  }
  stop_.notify_all();
  thread_.join();
}

void Housekeeper::run_due() {
  std::lock_guard lock(running_);
  for (auto& scheduled : tasks_) {
    if (clock_.monotonic_ms() < scheduled.due_ms) continue;
    if (scheduled.task.is_for_one_node && has_duty_ && !has_duty_()) continue;
    scheduled.due_ms = clock_.monotonic_ms() + scheduled.task.every_ms;
    if (auto status = scheduled.task.act(stopping_.get_token()); !status)
      log::error("housekeeping_failed:" + scheduled.task.name, status.error());
  }
}

void Housekeeper::loop() {
  name_this_thread("housekeeper");
  std::unique_lock lock(mutex_);
  while (!stopping_.stop_requested()) {
    lock.unlock();
    run_due();
    lock.lock();
    stop_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_.stop_requested(); });
  }
}

}  // namespace answerable::app
