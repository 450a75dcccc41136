// When to try again. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace answerable::outbox {

inline constexpr std::int64_t first_wait_ms = 30'000;
inline constexpr std::int64_t longest_wait_ms = 3'600'000;
inline constexpr std::int64_t give_up_after_ms = 24 * 3'600'000;  // counted from the first attempt
inline constexpr std::int64_t attempts_min = 8;                   // before giving up, however long ago that was

struct Wait {
  std::int64_t attempts = 1;        // made so far, this one included
  std::int64_t retry_after_ms = 0;  // what the other side asked for; 0: nothing
  std::uint32_t jitter = 0;  // 0 … 1,000: stretches the wait by up to a fifth, so that many do not return together
};

// Doubles from first_wait_ms to longest_wait_ms; never earlier than the other side asked for (at most longest_wait_ms).
std::int64_t wait_ms(const Wait& wait);
// The time of the next attempt; nothing when that would be later than give_up_after_ms after the
// first attempt and there were attempts_min.
std::optional<Time> next_attempt(const Wait& wait, Time now, Time first_attempt);

}  // namespace answerable::outbox
