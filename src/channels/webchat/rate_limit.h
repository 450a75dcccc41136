// Token buckets by key. In memory, bounded, thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "channels/webchat/limits.h"

namespace answerable::channels::webchat {

class RateLimit {
 public:
  RateLimit(Rate rate, const Clock& clock) : rate_(rate), clock_(clock) {}
  // Takes one; false when the bucket is empty.
  bool take(std::string_view key);

 private:
  struct Bucket {
    double tokens = 0;
    std::int64_t at_ms = 0;
  };
  double refilled(const Bucket& bucket, std::int64_t now_ms) const;

  const Rate rate_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace answerable::channels::webchat
