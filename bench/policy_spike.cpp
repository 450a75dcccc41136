// How often the detector of unusual traffic is wrong, and how long it takes to be right, in simulated years.
//   build/release/bench_policy_spike
// Method: for each rate and dispersion one year after two weeks of learning, with growth by half, holidays and
// campaigns; alarms are counted. Then 40 spikes of five times the usual, on working days at ten, after five weeks; the
// minutes until the alarm. At last the same of a window that knows mean and scatter, which no detector has. Pure
// computation; the figures are the same on every machine.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include "policy/spike.h"
#include "policy/spike_simulation_test.h"

using namespace answerable;
using namespace answerable::policy;

namespace {

constexpr std::int64_t week = 7 * 1'440;
constexpr std::int64_t goal_minutes = 6;
constexpr std::int64_t monday_ms = 4LL * 86'400'000;
constexpr double poisson = std::numeric_limits<double>::infinity();

Time at(std::int64_t minute) { return {monday_ms + minute * 60'000}; }

int alarms_of_a_year(double rate, double k) {
  SimulatedChannel channel(rate, k, static_cast<std::uint64_t>(rate * 1'000));
  SpikeDetector detector;
  int alarms = 0;
  for (std::int64_t minute = 0; minute < 54 * week; ++minute)
    alarms += detector.observe(at(minute), channel.draw(channel.mean(minute))).has_value() && minute >= 2 * week;
  return alarms;
}

std::int64_t minutes_to_find(double rate, double k, std::uint64_t seed) {
  SimulatedChannel channel(rate, k, seed);
  SpikeDetector detector;
  const auto begins = 5 * week + static_cast<std::int64_t>(seed % 5) * 1'440 + 600 + static_cast<std::int64_t>(seed);
  for (std::int64_t minute = 0; minute < begins + 120; ++minute) {
    const auto usual = channel.mean(minute);
    const auto spike = detector.observe(at(minute), channel.draw(minute >= begins ? 5 * usual : usual));
    if (spike && minute >= begins) return minute - begins + 1;
  }
  return 999;
}

struct Possible {
  std::int64_t minutes = 0;  // that finding takes, 95th percentile
  double within_goal = 0;    // share that is found within goal_minutes
};

// What no detector can do better than: the window that knows the mean and the scatter exactly, at one false alarm a
// year.
Possible best_possible(double rate, double k, int window) {
  constexpr std::int64_t year = 525'600, years = 10, spikes = 20'000, apart = 60;
  SimulatedChannel channel(rate, k, 1);
  std::vector<double> counts(static_cast<std::size_t>(window)), peaks;
  // With the mean known the evidence of a window rises with its sum alone.
  double sum = 0;
  const auto add = [&](std::int64_t minute, double mean) {
    auto& oldest = counts[static_cast<std::size_t>(minute % window)];
    const auto count = static_cast<double>(channel.draw(mean));
    sum += count - oldest;
    oldest = count;
    return sum;
  };
  for (std::int64_t minute = 0; minute < years * year; ++minute) {
    if (minute % apart == 0) peaks.push_back(0);
    peaks.back() = std::max(peaks.back(), add(minute, rate));
  }
  std::ranges::sort(peaks, std::greater());
  const double threshold = peaks[years];
  std::vector<std::int64_t> found;
  for (std::int64_t spike = 0; spike < spikes; ++spike) {
    for (std::int64_t minute = 0; minute < window; ++minute) add(minute, rate);
    std::int64_t minute = 1;
    while (add(window + minute, 5 * rate) <= threshold) ++minute;
    found.push_back(minute);
  }
  std::ranges::sort(found);
  const auto in_time = std::ranges::upper_bound(found, goal_minutes) - found.begin();
  return {.minutes = found[spikes * 95 / 100], .within_goal = static_cast<double>(in_time) / spikes};
}

}  // namespace

int main() {
  int alarms = 0, years = 0;
  for (const double rate : {0.3, 2.0, 10.0, 50.0, 200.0})
    for (const double k : {2.0, 4.0, 20.0, poisson}) {
      const auto one = alarms_of_a_year(rate, k);
      fmt::print("{:>6} a minute, k = {:>3}: {} alarms in a year\n", rate, k, one);
      alarms += one;
      ++years;
    }
  fmt::print("{} alarms in {} years\n", alarms, years);
  for (const double rate : {5.0, 40.0})
    for (const double k : {2.0, 4.0, 20.0, poisson}) {
      std::vector<std::int64_t> found;
      for (std::uint64_t seed = 0; seed < 40; ++seed) found.push_back(minutes_to_find(rate, k, seed));
      std::ranges::sort(found);
      fmt::print("five times {:>2} a minute, k = {:>3}: found after {} minutes, p95 {}\n", rate * 1.25, k, found[20],
                 found[37]);
    }
  for (const double k : {2.0, 4.0}) {
    Possible best;
    for (int window = 4; window <= 8; ++window)
      best =
          std::max(best, best_possible(50, k, window), [](auto& a, auto& b) { return a.within_goal < b.within_goal; });
    fmt::print(
        "five times 50 a minute, k = {:>3}: who knows mean and scatter exactly finds {:.1f} % within {} minutes, p95 "
        "{}\n",
        k, 100 * best.within_goal, goal_minutes, best.minutes);
  }
}
