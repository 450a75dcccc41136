// The generic cell rate algorithm (ITU-T I.371, the virtual scheduling form): so many at once, and then one more each
// time its even share of the window has passed. All that is kept of one who asks is one time: when what he has taken
// will be paid back. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

namespace answerable {

struct Rate {
  std::int64_t quota = 1;  // in the window, and at once; at least 1
  std::int64_t window_ms = 60'000;

  std::int64_t interval_ns() const { return window_ns() / quota; }
  std::int64_t window_ns() const { return window_ms * 1'000'000; }
};

struct RateVerdict {
  bool is_allowed = true;
  std::int64_t quota = 0;      // in the window
  std::int64_t window_ms = 0;  // of the rate that decided
  std::int64_t remaining = 0;
  std::int64_t reset_ms = 0;  // until the whole quota is there again
  std::int64_t wait_ms = 0;   // until one is allowed; when it is not
};

class Gcra {
 public:
  // Takes one, or nothing when it is one too many.
  RateVerdict take(const Rate& rate, std::int64_t now_ms) {
    const auto now_ns = now_ms * 1'000'000, interval_ns = rate.interval_ns(), window_ns = rate.window_ns();
    const auto after_ns = std::max(due_ns_, now_ns) + interval_ns;
    RateVerdict verdict{.quota = rate.quota, .window_ms = rate.window_ms};
    const auto early_ns = after_ns - window_ns - now_ns;
    verdict.is_allowed = early_ns <= 0;
    if (verdict.is_allowed)
      due_ns_ = after_ns;
    else
      verdict.wait_ms = up_to_ms(early_ns);
    const auto used_ns = std::max<std::int64_t>(0, due_ns_ - now_ns);
    verdict.reset_ms = up_to_ms(used_ns);
    verdict.remaining = std::max<std::int64_t>(0, (window_ns - used_ns) / interval_ns);
    return verdict;
  }
  // One that was taken does not count after all.
  void give_back(const Rate& rate) { due_ns_ -= rate.interval_ns(); }

  // When all is paid back, by the clock of take().
  std::int64_t due_ns() const { return due_ns_; }

 private:
  static std::int64_t up_to_ms(std::int64_t ns) { return (ns + 999'999) / 1'000'000; }

  std::int64_t due_ns_ = 0;
};

}  // namespace answerable
