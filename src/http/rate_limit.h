// How often a credential may ask (GCRA: a bucket that refills evenly), and the headers that say so
// (draft-ietf-httpapi-ratelimit-headers-11). In memory, per process. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "net/http.h"

namespace answerable::http {

enum class RateClass : std::uint8_t { read, write, search, upload, sign_in };
std::string_view to_string(RateClass rate_class);

// Requests in a minute. Generous: they stop a program that runs wild, not people, and not a bulk import.
struct RateLimits {
  std::int64_t read = 1'200'000;
  std::int64_t write = 120'000;
  std::int64_t search = 60'000;
  std::int64_t upload = 6'000;
  std::int64_t sign_in = 300;  // by network address; guessing passwords is slowed down elsewhere (access/throttle.h)
};

struct RateVerdict {
  bool is_allowed = true;
  std::int64_t quota = 0;  // in the window
  std::int64_t remaining = 0;
  std::int64_t reset_ms = 0;  // until the whole quota is there again
  std::int64_t wait_ms = 0;   // until one request is allowed; when it is not
};

class RateLimiter {
 public:
  static constexpr std::int64_t window_ms = 60'000;
  static constexpr std::size_t keys_max = 50'000;  // a shard; beyond, those that are full again are dropped, then all

  RateLimiter(const Clock& clock, RateLimits limits) : clock_(clock), limits_(limits) {}
  // `who`: a credential's id, or the network address when there is none.
  RateVerdict take(RateClass rate_class, std::string_view who);

 private:
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, double> due_ms;  // theoretical arrival time
  };
  std::int64_t quota(RateClass rate_class) const;

  const Clock& clock_;
  const RateLimits limits_;
  std::array<Shard, 8> shards_;
};

void add_rate_headers(net::Headers& headers, RateClass rate_class, const RateVerdict& verdict);

}  // namespace answerable::http
