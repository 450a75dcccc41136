// How many messages one address hands over within a minute: one that sends without end takes nobody else's turn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.h"

namespace answerable::channels {

inline constexpr std::int64_t peer_rate_window_ms = 60'000;
inline constexpr std::size_t peer_rates_max = 10'000;  // addresses remembered; beyond, all are forgiven

class PeerRate {
 public:
  // `clock` outlives it.
  PeerRate(std::size_t messages_max, const Clock& clock) : messages_max_(messages_max), clock_(clock) {}
  // Counts this one; false when it is one too many for the minute that began with the first. Thread-safe.
  bool take(const std::string& address);

 private:
  struct Window {
    std::int64_t began_ms = 0;
    std::size_t messages = 0;
  };
  const std::size_t messages_max_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Window> windows_;
};

}  // namespace answerable::channels
