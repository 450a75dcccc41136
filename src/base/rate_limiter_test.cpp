#include "base/rate_limiter.h"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace answerable;

namespace {

int taken(RateLimiter& limiter, std::string_view key, const Rate& rate, int tries) {
  int allowed = 0;
  for (int i = 0; i < tries; ++i) allowed += limiter.take(key, rate).is_allowed ? 1 : 0;
  return allowed;
}

}  // namespace

TEST_CASE("the whole quota at once, then one each interval, and what remains is told") {
  FakeClock clock;
  RateLimiter limiter(clock);
  constexpr Rate rate{.quota = 60, .window_ms = 60'000};
  for (std::int64_t i = 0; i < 60; ++i) {
    const auto verdict = limiter.take("me", rate);
    CHECK(verdict.is_allowed);
    CHECK(verdict.remaining == 59 - i);
    CHECK(verdict.reset_ms == (i + 1) * 1'000);
  }
  const auto refused = limiter.take("me", rate);
  CHECK_FALSE(refused.is_allowed);
  CHECK(refused.wait_ms == 1'000);
  CHECK(refused.remaining == 0);
  clock.advance_ms(999);
  CHECK_FALSE(limiter.take("me", rate).is_allowed);
  clock.advance_ms(1);
  CHECK(limiter.take("me", rate).is_allowed);
  CHECK_FALSE(limiter.take("me", rate).is_allowed);
  clock.advance_ms(60'000);
  CHECK(taken(limiter, "me", rate, 100) == 60);  // never more than the quota, however long the rest
}

TEST_CASE("a rate that does not divide its window keeps its bound") {
  FakeClock clock;
  for (const std::int64_t quota : {1, 7, 11, 59, 1'000, 999'983}) {
    RateLimiter limiter(clock, 8);
    const Rate rate{.quota = quota, .window_ms = 60'000};
    CHECK(taken(limiter, "me", rate, static_cast<int>(quota) + 5) == quota);
  }
}

TEST_CASE("what is given back can be taken again") {
  FakeClock clock;
  RateLimiter limiter(clock);
  constexpr Rate rate{.quota = 2, .window_ms = 1'000};
  CHECK(taken(limiter, "me", rate, 5) == 2);
  limiter.give_back("me", rate);
  CHECK(taken(limiter, "me", rate, 5) == 1);
  limiter.give_back("nobody", rate);  // gives no more than the quota
  CHECK(taken(limiter, "nobody", rate, 5) == 2);
}

TEST_CASE("a full set forgets who owes least, so that new keys do not wash away a debt") {
  FakeClock clock;
  RateLimiter limiter(clock, 8);  // one set
  constexpr Rate rate{.quota = 10, .window_ms = 60'000};
  CHECK(taken(limiter, "flood", rate, 20) == 10);
  for (int i = 0; i < 7; ++i) CHECK(taken(limiter, std::to_string(i), rate, 2) == 2);
  CHECK(taken(limiter, "0", rate, 1) == 1);  // eight are remembered, all of them
  for (int i = 0; i < 1'000; ++i) CHECK(limiter.take("new" + std::to_string(i), rate).is_allowed);
  CHECK_FALSE(limiter.take("flood", rate).is_allowed);
}

TEST_CASE("the table is as large as said, and each of so many keys has its own quota") {
  FakeClock clock;
  RateLimiter limiter(clock, 4'096);
  constexpr Rate rate{.quota = 1, .window_ms = 60'000};
  int again = 0;
  for (int i = 0; i < 1'000; ++i) CHECK(limiter.take(std::to_string(i), rate).is_allowed);
  for (int i = 0; i < 1'000; ++i) again += limiter.take(std::to_string(i), rate).is_allowed ? 1 : 0;
  CHECK(again <= 10);  // of sets that chance has filled
}

TEST_CASE("threads together take the quota and no more") {
  FakeClock clock;
  RateLimiter limiter(clock);
  constexpr Rate rate{.quota = 1'000, .window_ms = 60'000};
  std::atomic<int> allowed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { allowed += taken(limiter, "me", rate, 500); });
  for (auto& thread : threads) thread.join();
  CHECK(allowed == 1'000);
}
