#include "intake/work_queue.h"

#include <chrono>

#include "base/ensure.h"

namespace answerable::intake {

void WorkQueue::push(WorkItem item) {
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    make_ready(std::move(item));
    wake = sleeping_ > 0;
  }
  if (wake) wake_.notify_one();
}

void WorkQueue::push_later(WorkItem item, std::int64_t delay_ms) {
  {
    std::lock_guard lock(mutex_);
    later_.emplace(clock_.monotonic_ms() + delay_ms, std::move(item));
  }
  wake_.notify_one();
}

void WorkQueue::take_due() {
  const auto due = later_.upper_bound(clock_.monotonic_ms());
  for (auto entry = later_.begin(); entry != due; entry = later_.erase(entry)) make_ready(std::move(entry->second));
}

void WorkQueue::make_ready(WorkItem item) {
  const auto lane = lane_of(item.workspace.bytes());
  ensure(ready_.push(lane, item), "the intake bounds what waits");
}

std::optional<WorkItem> WorkQueue::pop() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (closed_) return std::nullopt;
    if (!later_.empty()) take_due();
    if (auto next = ready_.pop()) {
      ready_.end(next->first, 1);  // each arrival is one turn
      auto item = std::move(next->second);
      item.turn = next_turn_++;
      return item;
    }
    ++sleeping_;
    // The injected clock may be a fake one, which wakes nobody: look again after a moment while something is due later.
    if (later_.empty())
      wake_.wait(lock);
    else
      wake_.wait_for(lock, std::chrono::milliseconds(50));
    --sleeping_;
  }
}

void WorkQueue::close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_all();
}

void Sequence::complete(std::uint64_t turn, Next next) {
  std::lock_guard lock(mutex_);
  early_.emplace(turn, std::move(next));
  for (auto first = early_.begin(); first != early_.end() && first->first == due_; first = early_.erase(first)) {
    if (first->second) first->second();
    ++due_;
  }
}

}  // namespace answerable::intake
