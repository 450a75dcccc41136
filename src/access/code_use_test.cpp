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
