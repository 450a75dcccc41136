#include "policy/spike.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "policy/spike_simulation_test.h"

namespace answerable::policy {
namespace {

constexpr std::int64_t week = 7 * 1'440;
constexpr std::int64_t monday_ms = 4LL * 86'400'000;

Time at(std::int64_t minute) { return {monday_ms + minute * 60'000}; }

TEST_CASE("half a year of ordinary traffic raises no alarm, with growth, holidays and campaigns") {
  SimulatedChannel channel(20, 5, 1);
  SpikeDetector detector;
  int alarms = 0;
  for (std::int64_t minute = 0; minute < 26 * week; ++minute)
    alarms += detector.observe(at(minute), channel.draw(channel.mean(minute))).has_value();
  CHECK(alarms == 0);
}

TEST_CASE("five times the usual at fifty a minute is found within six minutes, and ends when it is usual again") {
  std::vector<std::int64_t> delays;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    SimulatedChannel channel(40, 5, seed);
    SpikeDetector detector;
    const auto begins = 4 * week + static_cast<std::int64_t>(seed % 5) * 1'440 + 600;
    std::optional<std::int64_t> found;
    for (std::int64_t minute = 0; minute < begins + 60; ++minute) {
      const double factor = minute >= begins && minute < begins + 20 ? 5 : 1;
      const auto spike = detector.observe(at(minute), channel.draw(factor * channel.mean(minute)));
      if (!spike || minute < begins) continue;
      CHECK_FALSE(found.has_value());
      CHECK_FALSE(spike->by_cap);
      CHECK(spike->evidence > SpikeRules().burst_threshold);
      found = minute - begins + 1;
    }
    delays.push_back(found.value_or(99));
    CHECK(detector.is_usual_again(15));
  }
  std::ranges::sort(delays);
  CHECK(delays[8] <= 6);
}

TEST_CASE("who has no baseline, or hardly any traffic, has a cap for ten minutes") {
  SpikeDetector young;
  for (std::int64_t minute = 0; minute < 9; ++minute) CHECK_FALSE(young.observe(at(minute), 33).has_value());
  const auto spike = young.observe(at(9), 3);
  REQUIRE(spike);
  CHECK(spike->by_cap);
  CHECK(spike->evidence == 300);
  SpikeDetector below;
  for (std::int64_t minute = 0; minute < 10; ++minute) CHECK_FALSE(below.observe(at(minute), 29).has_value());
}

TEST_CASE("what was learned survives a restart, and another version's is refused") {
  SimulatedChannel channel(20, 5, 2);
  SpikeDetector detector;
  for (std::int64_t minute = 0; minute < 3 * week; ++minute)
    (void)detector.observe(at(minute), channel.draw(channel.mean(minute)));
  auto again = SpikeDetector::load(detector.save());
  REQUIRE(again);
  CHECK(again->usual_rate(at(3 * week + 800)) == detector.usual_rate(at(3 * week + 800)));
  CHECK(again->usual_rate(at(3 * week + 800)) > 10);
  // It goes on as if nothing had been.
  for (std::int64_t minute = 3 * week; minute < 3 * week + 100; ++minute) {
    const auto count = channel.draw(5 * channel.mean(minute));
    CHECK(again->observe(at(minute), count).has_value() == detector.observe(at(minute), count).has_value());
  }
  CHECK(again->save() == detector.save());
  CHECK(again->is_spiking() == detector.is_spiking());
  CHECK(again->last().observed == detector.last().observed);
  const auto good = detector.save();
  for (const auto& wrong : {std::string(), std::string("spike 3\n"), "spike 2\n" + good.substr(8),
                            "spike 4\n" + good.substr(8), good.substr(0, good.size() - 4), good + "AAAA", good + "?",
                            good.substr(0, 8) + "////////////" + good.substr(20)})
    CHECK(SpikeDetector::load(wrong).error().code == "spike_state_unreadable");
}

TEST_CASE("minutes out of order count for nothing, and unknown ones do not add up") {
  SpikeDetector detector;
  CHECK_FALSE(detector.observe(at(10), 1'000'000) == std::nullopt);
  CHECK_FALSE(detector.observe(at(10), 1'000'000).has_value());
  CHECK_FALSE(detector.observe(at(3), 1'000'000).has_value());
}

}  // namespace
}  // namespace answerable::policy
