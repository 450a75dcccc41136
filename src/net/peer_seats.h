// How many connections one address holds: none may take all that there are.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace answerable::net {

class PeerSeats : public std::enable_shared_from_this<PeerSeats> {
 public:
  explicit PeerSeats(std::size_t seats_max) : seats_max_(seats_max) {}
  using Seat = std::shared_ptr<const void>;  // held until it is let go
  // Empty when the address has as many as it may. Any thread; owned by a shared_ptr.
  Seat take(const std::string& address);

 private:
  const std::size_t seats_max_;
  std::mutex mutex_;
  std::map<std::string, std::size_t> taken_;
};

}  // namespace answerable::net
