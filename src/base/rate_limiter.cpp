#include "base/rate_limiter.h"

#include <algorithm>
#include <bit>

namespace answerable {

RateLimiter::RateLimiter(const Clock& clock, std::size_t keys) : clock_(clock) {
  const auto sets = std::bit_ceil(std::max<std::size_t>(1, (keys + keys_in_set - 1) / keys_in_set));
  states_.resize(sets * keys_in_set);
  sets_less_one_ = sets - 1;
}

RateLimiter::State& RateLimiter::state_of(std::uint64_t hash) {
  const auto first = states_.begin() + static_cast<std::ptrdiff_t>((hash & sets_less_one_) * keys_in_set);
  const auto last = first + keys_in_set;
  const auto known = std::find_if(first, last, [hash](const State& state) { return state.hash == hash; });
  if (known != last) return *known;
  auto& least =
      *std::min_element(first, last, [](const State& a, const State& b) { return a.gcra.due_ns() < b.gcra.due_ns(); });
  least = {.hash = hash, .gcra = {}};
  return least;
}

RateVerdict RateLimiter::take(std::string_view key, const Rate& rate) {
  const auto hash = keyed_hash(salt_, key);
  const auto now_ms = clock_.monotonic_ms();
  const std::scoped_lock lock(lock_of(hash));
  return state_of(hash).gcra.take(rate, now_ms);
}

void RateLimiter::give_back(std::string_view key, const Rate& rate) {
  const auto hash = keyed_hash(salt_, key);
  const std::scoped_lock lock(lock_of(hash));
  state_of(hash).gcra.give_back(rate);
}

}  // namespace answerable
