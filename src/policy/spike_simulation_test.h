// A channel that does not exist, for the tests and bench/policy_spike.cpp: a week with days and nights, better and
// worse days, holidays, growth, and counts more scattered than Poisson's the smaller `k` is.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>

namespace answerable::policy {

class SimulatedChannel {
 public:
  // `rate`: messages a minute at an ordinary time of day. `k`: of the negative binomial; infinity: Poisson.
  SimulatedChannel(double rate, double k, std::uint64_t seed) : rate_(rate), k_(k), random_(seed) {}

  // What is to be expected of the minute, counted from a Monday's midnight. Minutes come in order.
  double mean(std::int64_t minute) {
    if (minute % 1'440 == 0) begin_day(minute / 1'440);
    const double hour = static_cast<double>(minute % 1'440) / 60;
    const double by_hour = hour > 7 && hour < 20 ? 0.15 + 1.5 * std::sin((hour - 7) / 13 * std::numbers::pi) : 0.15;
    const double by_day = (minute / 1'440) % 7 >= 5 ? 0.4 : 1;
    return rate_ * by_hour * by_day * day_ * std::pow(1.5, static_cast<double>(minute) / 525'600);
  }
  std::int64_t draw(double mean) {
    if (k_ < std::numeric_limits<double>::infinity()) mean = std::gamma_distribution<double>(k_, mean / k_)(random_);
    return mean < 1e-9 ? 0 : std::poisson_distribution<std::int64_t>(mean)(random_);
  }

 private:
  void begin_day(std::int64_t day) {
    day_ = std::exp(std::normal_distribution<double>(0, 0.15)(random_));
    if (day % 60 == 17) day_ *= 0.3;  // a holiday
    if (day % 90 == 40) day_ *= 1.5;  // a campaign
  }

  const double rate_, k_;
  double day_ = 1;
  std::mt19937_64 random_;
};

}  // namespace answerable::policy
