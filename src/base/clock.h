// The only source of time. UTC, in milliseconds since 1970. Injected everywhere, so that tests move time by hand.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace answerable {

struct Time {
  std::int64_t ms = 0;  // milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX)
  auto operator<=>(const Time&) const = default;
};

constexpr Time operator+(Time time, std::int64_t ms) { return Time{time.ms + ms}; }
constexpr Time operator-(Time time, std::int64_t ms) { return Time{time.ms - ms}; }

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;                   // wall clock; may jump
  virtual std::int64_t monotonic_ms() const = 0;  // never goes back; for timeouts
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  std::int64_t monotonic_ms() const override;
};

class FakeClock final : public Clock {  // for tests; thread-safe
 public:
  explicit FakeClock(Time start = Time{1'700'000'000'000}) : now_ms_(start.ms) {}
  Time now() const override { return Time{now_ms_.load()}; }
  std::int64_t monotonic_ms() const override { return now_ms_.load(); }
  void advance_ms(std::int64_t ms) { now_ms_ += ms; }

 private:
  std::atomic<std::int64_t> now_ms_;
};

// RFC 3339, UTC, milliseconds: 2026-11-24T02:40:17.123Z. With seconds_only: 2026-11-24T02:40:17Z.
std::string to_rfc3339(Time time, bool seconds_only = false);
// Accepts any RFC 3339 date-time with an offset.
std::optional<Time> parse_rfc3339(std::string_view text);

}  // namespace answerable
