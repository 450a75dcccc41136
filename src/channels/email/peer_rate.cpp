#include "channels/email/peer_rate.h"

namespace answerable::channels {

bool PeerRate::take(const std::string& address) {
  const auto now_ms = clock_.monotonic_ms();
  const auto is_over = [&](const Window& window) { return now_ms - window.began_ms >= peer_rate_window_ms; };
  std::lock_guard lock(mutex_);
  if (windows_.size() >= peer_rates_max && !windows_.contains(address)) {
    std::erase_if(windows_, [&](const auto& entry) { return is_over(entry.second); });
    if (windows_.size() >= peer_rates_max) windows_.clear();
  }
  auto& window = windows_[address];
  if (window.messages == 0 || is_over(window)) window = {.began_ms = now_ms};
  if (window.messages >= messages_max_) return false;
  ++window.messages;
  return true;
}

}  // namespace answerable::channels
