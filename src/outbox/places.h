// What a process is sending, and for whom: no channel and no workspace may have all its threads. One thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "outbox/attempt.h"

namespace answerable::outbox {

class Places {
 public:
  explicit Places(int threads) : of_channel_(std::max(1, threads / 3)), of_workspace_(std::max(1, threads / 2)) {}

  bool has(DeliveryId delivery) const { return count(&Place::delivery, delivery) > 0; }
  // Only what busy() did not name.
  void take(const Delivery& delivery) {
    taken_.push_back({delivery.id, delivery.fence, delivery.message.workspace, delivery.message.channel});
  }
  // By the fence, too: it may have been given back, and claimed anew by another thread already.
  void leave(DeliveryId delivery, std::int64_t fence) {
    std::erase_if(taken_, [&](const Place& place) { return place.delivery == delivery && place.fence == fence; });
  }

  // At most three channels can have a third, and two workspaces a half.
  Busy busy() const {
    Busy busy;
    list_full(busy.channels, &Place::channel, of_channel_);
    list_full(busy.workspaces, &Place::workspace, of_workspace_);
    return busy;
  }

 private:
  struct Place {
    DeliveryId delivery;
    std::int64_t fence;
    WorkspaceId workspace;
    ChannelId channel;
  };
  template <class Id>
  std::ptrdiff_t count(Id Place::* whose, Id id) const {
    return std::ranges::count(taken_, id, whose);
  }
  template <class Id, std::size_t N>
  void list_full(std::array<Id, N>& full, Id Place::* whose, std::ptrdiff_t max) const {
    auto end = full.begin();
    for (const auto& place : taken_) {
      const auto id = place.*whose;
      if (end == full.end()) return;
      if (count(whose, id) >= max && std::find(full.begin(), end, id) == end) *end++ = id;
    }
  }

  const std::ptrdiff_t of_channel_, of_workspace_;
  std::vector<Place> taken_;
};

}  // namespace answerable::outbox
