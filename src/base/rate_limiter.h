// Rates by key: a credential, an address, a workspace. The memory is fixed, whatever keys strangers think of: a table
// of so many states, in sets of eight. Who is new to a full set takes the place of the one there that owes the least,
// so that many keys cannot wash away the debt of one. Thread-safe; in memory, per process.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/gcra.h"
#include "base/keyed_hash.h"

namespace answerable {

class RateLimiter {
 public:
  static constexpr std::size_t keys_in_set = 8;
  static constexpr std::size_t keys_max = 65'536;  // 1 MiB

  // `clock` outlives it. `keys`: remembered at once, rounded up to eight times a power of two.
  explicit RateLimiter(const Clock& clock, std::size_t keys = keys_max);
  // Each key has one state, so it is always asked with the same rate; when a rate changes, the debt stays.
  RateVerdict take(std::string_view key, const Rate& rate);
  void give_back(std::string_view key, const Rate& rate);

 private:
  struct State {
    std::uint64_t hash = 0;
    Gcra gcra;
  };
  State& state_of(std::uint64_t hash);
  std::mutex& lock_of(std::uint64_t hash) { return mutexes_[hash & sets_less_one_ & (mutexes_.size() - 1)]; }

  const Clock& clock_;
  const HashKey salt_ = random_hash_key();  // two keys of one hash share a state: one pair in 2^64
  std::vector<State> states_;
  std::uint64_t sets_less_one_ = 0;
  std::array<std::mutex, 64> mutexes_;
};

}  // namespace answerable
