#include "intake/pair_limit.h"

#include "intake/limits.h"

namespace answerable::intake {

bool PairLimit::is_reached(ChannelId channel, std::string_view sender, Time now) {
  std::string pair(channel.bytes());
  pair += sender;
  std::lock_guard lock(mutex_);
  if (pairs_.size() >= pairs_max) {
    std::erase_if(pairs_, [&](const auto& entry) { return now.ms - entry.second.started_ms >= pair_window_ms; });
    if (pairs_.size() >= pairs_max) pairs_.clear();  // forgiving too much beats stopping mail without reason
  }
  auto& window = pairs_[pair];
  if (now.ms - window.started_ms >= pair_window_ms) window = {now.ms, 0};
  return ++window.count > pair_auto_submitted_max;
}

}  // namespace answerable::intake
