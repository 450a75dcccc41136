#include "net/peer_seats.h"

namespace answerable::net {

PeerSeats::Seat PeerSeats::take(const std::string& address) {
  std::lock_guard lock(mutex_);
  auto& taken = taken_[address];
  if (taken >= seats_max_) return nullptr;
  ++taken;
  return {this, [self = shared_from_this(), address](const void*) {
            std::lock_guard leaving(self->mutex_);
            const auto at = self->taken_.find(address);
            if (--at->second == 0) self->taken_.erase(at);
          }};
}

}  // namespace answerable::net
