// Copies in memory of what is read with every message, by the name of its state (access/revision.h). Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "access/revision.h"

namespace answerable::policy {

inline constexpr std::size_t kept_entries_max = 200'000;  // of all workspaces; beyond, all are let go

template <class T>
class Kept {
 public:
  explicit Kept(std::size_t entries_max = kept_entries_max) : entries_max_(entries_max) {}

  // nullptr: not kept, or of another state.
  std::shared_ptr<const T> find(WorkspaceId workspace, access::RevisionId revision) const {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(workspace);
    return found == kept_.end() || found->second.revision != revision ? nullptr : found->second.value;
  }
  // In place of what was kept of the workspace. `entries`: how many things it holds.
  void keep(WorkspaceId workspace, access::RevisionId revision, std::shared_ptr<const T> value, std::size_t entries) {
    const std::lock_guard lock(mutex_);
    if (const auto former = kept_.find(workspace); former != kept_.end()) {
      entries_ -= former->second.entries;
      kept_.erase(former);
    }
    const auto size = entries + 1;  // an empty one takes room too
    if (entries_ + size > entries_max_) {
      kept_.clear();
      entries_ = 0;
    }
    kept_[workspace] = {.revision = revision, .value = std::move(value), .entries = size};
    entries_ += size;
  }

 private:
  struct One {
    access::RevisionId revision;
    std::shared_ptr<const T> value;
    std::size_t entries = 0;
  };
  const std::size_t entries_max_;
  mutable std::mutex mutex_;
  std::unordered_map<WorkspaceId, One> kept_;
  std::size_t entries_ = 0;
};

}  // namespace answerable::policy
