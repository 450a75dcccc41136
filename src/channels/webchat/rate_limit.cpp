#include "channels/webchat/rate_limit.h"

#include <algorithm>

namespace answerable::channels::webchat {

double RateLimit::refilled(const Bucket& bucket, std::int64_t now_ms) const {
  return std::min(rate_.burst, bucket.tokens + static_cast<double>(now_ms - bucket.at_ms) / rate_.every_ms);
}

bool RateLimit::take(std::string_view key) {
  const auto now_ms = clock_.monotonic_ms();
  std::lock_guard lock(mutex_);
  if (buckets_.size() >= rates_remembered_max)
    std::erase_if(buckets_, [&](const auto& entry) { return refilled(entry.second, now_ms) >= rate_.burst; });
  // All of them busy: whoever is new waits, so that the memory stays bounded.
  if (buckets_.size() >= rates_remembered_max && !buckets_.contains(std::string(key))) return false;
  auto [entry, is_new] = buckets_.try_emplace(std::string(key), Bucket{rate_.burst, now_ms});
  auto& bucket = entry->second;
  bucket.tokens = refilled(bucket, now_ms);
  bucket.at_ms = now_ms;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

}  // namespace answerable::channels::webchat
