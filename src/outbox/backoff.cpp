#include "outbox/backoff.h"

#include <algorithm>

namespace answerable::outbox {

std::int64_t wait_ms(const Wait& wait) {
  auto doublings = std::clamp<std::int64_t>(wait.attempts - 1, 0, 20);
  auto doubled = std::min(first_wait_ms << doublings, longest_wait_ms);
  auto base = std::max(doubled, std::min(wait.retry_after_ms, longest_wait_ms));
  return base + base * std::int64_t{std::min(wait.jitter, 1'000U)} / 5'000;
}

std::optional<Time> next_attempt(const Wait& wait, Time now, Time first_attempt) {
  auto next = now + wait_ms(wait);
  if (next > first_attempt + give_up_after_ms && wait.attempts >= attempts_min) return std::nullopt;
  return next;
}

}  // namespace answerable::outbox
