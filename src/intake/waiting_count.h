// How many arrivals wait to be understood: all, and of each workspace, so that one cannot take all the room.
// Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <unordered_map>

#include "base/ensure.h"
#include "base/id.h"

namespace answerable::intake {

class WaitingCount {
 public:
  WaitingCount(std::size_t all_max, std::size_t workspace_max) : all_max_(all_max), workspace_max_(workspace_max) {}

  // Counts one more; false, and nothing is counted, at a bound.
  bool take(WorkspaceId workspace) {
    const std::scoped_lock lock(mutex_);
    const auto found = by_workspace_.find(workspace);
    const auto own = found == by_workspace_.end() ? 0 : found->second;
    if (all_ >= all_max_ || own >= workspace_max_) return false;
    add_locked(workspace);
    return true;
  }
  // One that is there already, whatever the bounds.
  void add(WorkspaceId workspace) {
    const std::scoped_lock lock(mutex_);
    add_locked(workspace);
  }
  // True when that was the last of all.
  bool give(WorkspaceId workspace) {
    const std::scoped_lock lock(mutex_);
    const auto found = by_workspace_.find(workspace);
    ensure(found != by_workspace_.end() && all_ > 0, "what ends has begun");
    if (--found->second == 0) by_workspace_.erase(found);
    return --all_ == 0;
  }
  std::size_t all() const { return all_; }
  bool is_full() const { return all_ >= all_max_; }

 private:
  void add_locked(WorkspaceId workspace) {
    ++by_workspace_[workspace];
    ++all_;
  }

  const std::size_t all_max_, workspace_max_;
  std::mutex mutex_;
  std::unordered_map<WorkspaceId, std::size_t> by_workspace_;  // only those that have any
  std::atomic<std::size_t> all_{0};
};

}  // namespace answerable::intake
