#include "access/code_use.h"

#include <doctest/doctest.h>

using namespace answerable;
using namespace answerable::access;

namespace {

struct Shop {
  FakeClock clock;
  CodeUse codes{clock};
  UserId zoe = UserId::make(clock);
  SessionId laptop = SessionId::make(clock), telephone = SessionId::make(clock), other = SessionId::make(clock);

  std::optional<CodeUse::Suspicion> act(SessionId session, std::string_view network, std::string_view browser,
                                        bool is_by_hand = true) {
    return codes.note(
        {.user = zoe, .session = session, .network = network, .browser = browser, .is_by_hand = is_by_hand}, {});
  }
  std::optional<CodeUse::Suspicion> at(SessionId session, const std::optional<Location>& where, std::int64_t after_ms,
                                       bool is_by_hand = true) {
    clock.advance_ms(after_ms);
    return codes.note(
        {.user = zoe, .session = session, .network = "n", .browser = "b", .is_by_hand = is_by_hand, .location = where},
        {});
  }
  // One after the other, as two people do who work at the same time.
  int work_together(int rounds, std::int64_t apart_ms) {
    int raised = 0;
    for (int i = 0; i < rounds; ++i) {
      raised += act(laptop, "office", "Firefox") ? 1 : 0;
      clock.advance_ms(apart_ms);
      raised += act(telephone, "home", "Chrome") ? 1 : 0;
      clock.advance_ms(600'000);
    }
    return raised;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Shop, "two who work at the same time with one code are noticed at the fifth overlap of a day") {
  CHECK(work_together(4, 2'999) == 0);
  act(laptop, "office", "Firefox");
  const auto suspicion = act(telephone, "home", "Chrome");
  REQUIRE(suspicion);
  CHECK(suspicion->sign == "overlap");
  CHECK(suspicion->times == 5);
  CHECK(suspicion->raised == 1);
  CHECK(work_together(5, 0) == 1);
}

TEST_CASE_FIXTURE(Shop, "one person who changes from laptop to telephone all day is not") {
  CHECK(work_together(100, 3'000) == 0);
}

TEST_CASE_FIXTURE(Shop, "overlaps that are rarer than a day's threshold are forgotten") {
  for (int i = 0; i < 40; ++i) {
    CHECK(work_together(1, 0) == 0);
    clock.advance_ms(CodeUse::day_ms / 4);
  }
}

TEST_CASE_FIXTURE(
    Shop, "two windows of one browser, two browsers at one place, and what pages do by themselves do not count") {
  for (int i = 0; i < 50; ++i) {
    CHECK(!act(laptop, "office", "Firefox"));
    CHECK(!act(telephone, "home", "Firefox"));
    CHECK(!act(laptop, "office", "Firefox"));
    CHECK(!act(other, "office", "Chrome"));
    clock.advance_ms(60'000);
  }
  for (int i = 0; i < 50; ++i) {
    CHECK(!act(laptop, "office", "Firefox", false));
    CHECK(!act(other, "home", "Chrome", false));
  }
}

TEST_CASE_FIXTURE(Shop, "one cookie in two browsers at two places is noticed, by reading alone") {
  std::optional<CodeUse::Suspicion> suspicion;
  int turns = 0;
  while (!suspicion && turns < 20) {
    suspicion = turns % 2 == 0 ? act(laptop, "office", "Firefox", false) : act(laptop, "abroad", "curl", false);
    ++turns;
  }
  REQUIRE(suspicion);
  CHECK(suspicion->sign == "alternation");
  CHECK(turns == 5);  // there, away, and three times back
}

TEST_CASE_FIXTURE(Shop, "a new version of the browser, a train from network to network, and both once are no sign") {
  for (int i = 0; i < 100; ++i) CHECK(!act(laptop, "n" + std::to_string(i % 2), "Firefox 1", false));
  CHECK(!act(laptop, "n0", "Firefox 2", false));
  for (int i = 0; i < 100; ++i) CHECK(!act(laptop, "m" + std::to_string(i), "Firefox " + std::to_string(i), false));
}

TEST_CASE_FIXTURE(Shop,
                  "two places too far apart for the time between them are noticed there and back, once for one way") {
  const Location lisbon{38.7, -9.1, 50}, tokyo{35.7, 139.7, 50}, sydney{-33.9, 151.2, 50};
  constexpr std::int64_t hour = CodeUse::hour_ms;
  const auto hours = static_cast<std::int64_t>(kilometres_between(lisbon, tokyo)) / 1'000;  // at the speed of the limit
  CHECK(hours == 11);
  CHECK(!at(laptop, lisbon, 0));
  CHECK(!at(telephone, tokyo, hour));
  const auto suspicion = at(laptop, lisbon, hour);
  REQUIRE(suspicion);
  CHECK(suspicion->sign == "travel");
  CHECK(suspicion->times == 2);
  CHECK(suspicion->minutes == 60);
  CHECK(suspicion->kilometres / 1'000 == 11);
  for (int i = 0; i < 10; ++i) {
    CHECK(!at(telephone, tokyo, hour));
    CHECK(!at(laptop, lisbon, hour));
  }
  CHECK(!at(telephone, sydney, hour));
  CHECK(at(laptop, lisbon, hour)->raised == 2);
}

TEST_CASE_FIXTURE(Shop,
                  "a journey that can be made, one device, near places, pages by themselves and no map are no sign") {
  const Location lisbon{38.7, -9.1, 50}, tokyo{35.7, 139.7, 50}, madrid{40.4, -3.7, 50};
  for (int i = 0; i < 10; ++i) {
    CHECK(!at(laptop, lisbon, 12 * CodeUse::hour_ms));
    CHECK(!at(telephone, tokyo, 12 * CodeUse::hour_ms));
  }
  for (int i = 0; i < 10; ++i) {
    CHECK(!at(laptop, lisbon, 12 * CodeUse::hour_ms));
    CHECK(!at(laptop, tokyo, 0));
    CHECK(!at(telephone, lisbon, 0, false));
  }
  at(laptop, lisbon, CodeUse::day_ms);
  for (int i = 0; i < 10; ++i) {
    CHECK(!at(telephone, madrid, 0));
    CHECK(!at(laptop, lisbon, 0));
    CHECK(!at(telephone, std::nullopt, 0));
  }
}

TEST_CASE_FIXTURE(Shop, "thresholds are data") {
  const CodeUseLimits strict{.overlap_ms = 60'000, .overlaps_a_day = 1, .alternations_an_hour = 1};
  codes.note({.user = zoe, .session = laptop, .network = "a", .browser = "b", .is_by_hand = true}, strict);
  clock.advance_ms(59'999);
  CHECK(codes.note({.user = zoe, .session = telephone, .network = "c", .browser = "d", .is_by_hand = true}, strict));
}

TEST_CASE_FIXTURE(Shop, "memory is bounded") {
  for (std::size_t i = 0; i < CodeUse::people_max + 10; ++i)
    codes.note({.user = UserId::make(clock), .session = SessionId::make(clock), .network = "a", .browser = "b"}, {});
  CHECK(work_together(5, 0) == 1);
}
