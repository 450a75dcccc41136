// How many sockets each workspace has open, from the upgrade on, whether somebody has said hello on them or not: the
// server's connections are for all workspaces. Thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/id.h"

namespace answerable::channels::webchat {

class Seats {
  struct Taken {
    std::mutex mutex;
    std::unordered_map<WorkspaceId, std::size_t> of;
  };

 public:
  explicit Seats(std::size_t most) : most_(most) {}

  // Taken as long as it lives; it may outlive the seats, as the last sockets do at the end of the program.
  class Seat {
   public:
    Seat(std::shared_ptr<Taken> taken, WorkspaceId workspace) : taken_(std::move(taken)), workspace_(workspace) {}
    ~Seat() {
      const std::lock_guard lock(taken_->mutex);
      if (--taken_->of[workspace_] == 0) taken_->of.erase(workspace_);
    }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

   private:
    const std::shared_ptr<Taken> taken_;
    const WorkspaceId workspace_;
  };
  // nullptr: the workspace has as many as may be.
  std::unique_ptr<Seat> take(WorkspaceId workspace) {
    const std::lock_guard lock(taken_->mutex);
    auto& taken = taken_->of[workspace];
    if (taken >= most_) return nullptr;
    ++taken;
    return std::make_unique<Seat>(taken_, workspace);
  }

 private:
  const std::size_t most_;
  const std::shared_ptr<Taken> taken_ = std::make_shared<Taken>();
};

}  // namespace answerable::channels::webchat
