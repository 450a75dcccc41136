#include "http/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace answerable::http {

std::string_view to_string(RateClass rate_class) {
  switch (rate_class) {
    case RateClass::read: return "read";
    case RateClass::write: return "write";
    case RateClass::search: return "search";
    case RateClass::upload: return "upload";
    case RateClass::sign_in: return "sign_in";
  }
  return "read";
}

std::int64_t RateLimiter::quota(RateClass rate_class) const {
  switch (rate_class) {
    case RateClass::read: return limits_.read;
    case RateClass::write: return limits_.write;
    case RateClass::search: return limits_.search;
    case RateClass::upload: return limits_.upload;
    case RateClass::sign_in: return limits_.sign_in;
  }
  return limits_.read;
}

RateVerdict RateLimiter::take(RateClass rate_class, std::string_view who) {
  const auto quota_here = quota(rate_class);
  const double interval_ms = static_cast<double>(window_ms) / static_cast<double>(quota_here);
  const auto now_ms = static_cast<double>(clock_.monotonic_ms());
  std::string key(who);
  key.push_back(static_cast<char>('0' + static_cast<int>(rate_class)));
  auto& shard = shards_[std::hash<std::string>{}(key) % shards_.size()];
  const std::scoped_lock lock(shard.mutex);
  if (shard.due_ms.size() >= keys_max) {
    std::erase_if(shard.due_ms, [now_ms](const auto& entry) { return entry.second <= now_ms; });
    if (shard.due_ms.size() >= keys_max) shard.due_ms.clear();
  }
  auto& due_ms = shard.due_ms[key];
  const double start_ms = std::max(due_ms, now_ms);
  const double earliest_ms = start_ms + interval_ms - static_cast<double>(window_ms);
  RateVerdict verdict{.quota = quota_here};
  constexpr double rounding_ms = 1e-6;
  if (earliest_ms > now_ms + rounding_ms) {
    verdict.is_allowed = false;
    verdict.wait_ms = static_cast<std::int64_t>(std::ceil(earliest_ms - now_ms));
  } else {
    due_ms = start_ms + interval_ms;
  }
  const double used_ms = std::max(0.0, due_ms - now_ms);
  verdict.reset_ms = static_cast<std::int64_t>(std::ceil(used_ms));
  verdict.remaining = static_cast<std::int64_t>((static_cast<double>(window_ms) - used_ms) / interval_ms + rounding_ms);
  return verdict;
}

void add_rate_headers(net::Headers& headers, RateClass rate_class, const RateVerdict& verdict) {
  std::string name = "\"";
  name.append(to_string(rate_class)).push_back('"');
  headers.set("RateLimit-Policy",
              name + ";q=" + std::to_string(verdict.quota) + ";w=" + std::to_string(RateLimiter::window_ms / 1000));
  headers.set("RateLimit", name + ";r=" + std::to_string(verdict.remaining) +
                               ";t=" + std::to_string((verdict.reset_ms + 999) / 1000));
}

}  // namespace answerable::http
