#include "policy/spike.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "base/encoding.h"

namespace answerable::policy {

namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr int minutes_of_slot = 15;
constexpr std::int64_t monday_ms = 4 * 24 * 60 * minute_ms;  // 1970-01-01 was a Thursday
constexpr double weeks_remembered = 6;
constexpr double level_memory_minutes = 60;
constexpr double residual_memory_minutes = 7 * 24 * 60;
constexpr double reached_memory_minutes = 8 * 7 * 24 * 60;
constexpr double clipped_at = 2;    // times what is usual: more teaches no baseline …
constexpr double scattered_to = 5;  // … and more than this nothing about scatter, which is judged too small otherwise
constexpr double level_least = 1, level_most = 2.2;
constexpr double rate_least = 0.02;
constexpr std::string_view state_version = "spike 3\n";

int slot_of(std::int64_t minute) {
  const auto since_monday = (minute * minute_ms - monday_ms) / minute_ms;
  const auto of_week = (since_monday % (7 * 24 * 60) + 7 * 24 * 60) % (7 * 24 * 60);
  return static_cast<int>(of_week / minutes_of_slot);
}

// Sixty-four bits a value, the least byte first; numbers as IEEE 754 has them.
struct Writer {
  std::string bytes;
  void bits(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(value >> shift & 0xFF));
  }
  void number(double value) { bits(std::bit_cast<std::uint64_t>(value)); }
  void integer(std::int64_t value) { bits(static_cast<std::uint64_t>(value)); }
};

struct Reader {
  std::string_view rest;
  bool is_good = true;
  std::uint64_t bits() {
    if (rest.size() < 8) {
      is_good = false;
      rest = {};
      return 0;
    }
    std::uint64_t value = 0;
    for (int i = 7; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(rest[static_cast<std::size_t>(i)]);
    rest.remove_prefix(8);
    return value;
  }
  void number(double& value) {
    value = std::bit_cast<double>(bits());
    if (!std::isfinite(value) || value < 0) is_good = false;
  }
  template <class Integer>
  void integer(Integer& value) {
    value = static_cast<Integer>(static_cast<std::int64_t>(bits()));
  }
};

}  // namespace

bool SpikeDetector::has_learned() const {
  return first_minute_ >= 0 && last_minute_ - first_minute_ >= std::int64_t{rules_.weeks_to_learn} * 7 * 24 * 60;
}

double SpikeDetector::cap() const { return std::max(rules_.cap_in_10_minutes, rules_.cap_times_past * most_in_ten_); }

double SpikeDetector::threshold() const { return std::max(rules_.threshold, rules_.margin * reached_); }

// Smoothed over the neighbours: with few weeks a single quarter of an hour says little.
double SpikeDetector::usual_rate(Time minute) const {
  const int slot = slot_of(minute.ms / minute_ms);
  constexpr std::array weights{1.0, 2.0, 3.0, 2.0, 1.0};
  double sum = 0, weight = 0;
  for (int i = -2; i <= 2; ++i) {
    const auto& near = slots_[static_cast<std::size_t>((slot + i + spike_slots) % spike_slots)];
    if (near.weight == 0) continue;
    sum += weights[static_cast<std::size_t>(i + 2)] * near.mean;
    weight += weights[static_cast<std::size_t>(i + 2)];
  }
  return weight == 0 ? 0 : std::max(rate_least, level_ * sum / weight);
}

double SpikeDetector::burst_threshold() const {
  return std::max(rules_.burst_threshold, rules_.burst_margin * burst_reached_);
}

// The log-likelihood ratio of the count: `factor` times the usual rate against the usual rate.
double SpikeDetector::evidence_of(double count, double usual, double factor) const {
  const double k = dispersion_, more = factor * usual;
  return count * std::log(factor * (usual + k) / (more + k)) - k * std::log((more + k) / (usual + k));
}

double SpikeDetector::burst_evidence(double usual) const {
  double sum = 0;
  for (auto count = last_ten_.end() - window_minutes_; count != last_ten_.end(); ++count)
    sum += evidence_of(static_cast<double>(*count), usual, rules_.burst_factor);
  return sum;
}

// Of a minute that has a baseline.
bool SpikeDetector::is_unusual(double seen, double usual) {
  // Bounded, so that a long spike is over soon after it is over.
  cusum_ = std::clamp(cusum_ + evidence_of(seen, usual, rules_.factor), 0.0, 2 * threshold());
  window_minutes_ = std::min(window_minutes_ + 1, burst_minutes);
  const double burst = burst_evidence(usual);
  const bool is_over = cusum_ > threshold() || burst > burst_threshold();
  // What led to an alarm is no part of the past that excuses the next.
  if (!is_over && !is_spiking_) {
    reached_ = std::max(cusum_, reached_ * (1 - 1 / reached_memory_minutes));
    burst_reached_ = std::max(burst, burst_reached_ * (1 - 1 / reached_memory_minutes));
  }
  return is_over;
}

void SpikeDetector::end_slot(int slot) {
  if (slot_minutes_ == 0) return;
  auto& one = slots_[static_cast<std::size_t>(slot)];
  const double mean = slot_sum_ / slot_minutes_;
  one.weight = std::min(weeks_remembered, one.weight + 1);
  one.mean += (mean - one.mean) / one.weight;
  slot_sum_ = 0;
  slot_minutes_ = 0;
}

void SpikeDetector::learn(int slot, double count, double usual) {
  if (slot != current_slot_) {
    if (current_slot_ >= 0) end_slot(current_slot_);
    current_slot_ = slot;
  }
  const double clipped = usual == 0 ? count : std::min(count, clipped_at * usual + 3);
  slot_sum_ += clipped;
  ++slot_minutes_;
  if (usual < rate_least || !has_learned()) return;
  level_ = std::clamp(level_ * (1 + (clipped / usual - 1) / level_memory_minutes), level_least, level_most);
  const double deviation = std::min(count, scattered_to * usual + 3) - usual;
  residual_ += ((deviation * deviation - usual) / (usual * usual) - residual_) / residual_memory_minutes;
  dispersion_ = std::clamp(1 / std::max(residual_, 0.001), 0.5, 1'000.0);
}

std::optional<Spike> SpikeDetector::observe(Time at, std::int64_t count) {
  const auto minute = at.ms / minute_ms;
  if (minute <= last_minute_) return std::nullopt;
  if (first_minute_ < 0) first_minute_ = minute;
  if (last_minute_ >= 0 && minute - last_minute_ > 1) cusum_ = window_minutes_ = 0;  // nobody knows what was between
  last_minute_ = minute;
  const double usual = usual_rate(at), seen = static_cast<double>(count);
  std::ranges::rotate(last_ten_, last_ten_.begin() + 1);
  last_ten_.back() = count;
  const auto in_ten = static_cast<double>(std::accumulate(last_ten_.begin(), last_ten_.end(), std::int64_t{0}));
  const bool by_cap = !has_learned() || usual < rules_.small_rate;
  if (by_cap) window_minutes_ = 0;
  const bool is_over = by_cap ? in_ten >= cap() : is_unusual(seen, usual);
  if (minute % 10 == 0 && !is_over && !is_spiking_) {
    most_in_ten_ = std::max(ten_before_, most_in_ten_ * (1 - 10 / reached_memory_minutes));
    ten_before_ = in_ten;
  }
  const bool is_calm = by_cap ? !is_over : seen < rules_.factor * usual + 3;
  calm_minutes_ = is_calm ? calm_minutes_ + 1 : 0;
  learn(slot_of(minute), seen, usual);
  if (is_over && !is_spiking_) {
    is_spiking_ = true;
    return Spike{seen, usual, by_cap ? in_ten : std::max(cusum_, burst_evidence(usual)), by_cap};
  }
  if (is_spiking_ && calm_minutes_ >= minutes_of_slot) {
    is_spiking_ = false;
    cusum_ = window_minutes_ = 0;
  }
  return std::nullopt;
}

Spike SpikeDetector::last() const {
  const bool by_cap = !has_learned() || usual_rate({last_minute_ * minute_ms}) < rules_.small_rate;
  const auto in_ten = std::accumulate(last_ten_.begin(), last_ten_.end(), std::int64_t{0});
  return {.observed = static_cast<double>(last_ten_.back()),
          .usual = usual_rate({last_minute_ * minute_ms}),
          .evidence = by_cap ? static_cast<double>(in_ten) : cusum_,
          .by_cap = by_cap};
}

// Every part of the state in its order, once, for writing and for reading.
template <class Form>
void SpikeDetector::pass(Form& form, auto& detector) {
  for (auto& slot : detector.slots_) {
    form.number(slot.mean);
    form.number(slot.weight);
  }
  for (auto* one : {&detector.level_, &detector.dispersion_, &detector.residual_, &detector.cusum_, &detector.reached_,
                    &detector.slot_sum_, &detector.most_in_ten_, &detector.ten_before_, &detector.burst_reached_})
    form.number(*one);
  for (auto* one : {&detector.first_minute_, &detector.last_minute_}) form.integer(*one);
  for (auto& one : detector.last_ten_) form.integer(one);
  for (auto* one :
       {&detector.slot_minutes_, &detector.current_slot_, &detector.calm_minutes_, &detector.window_minutes_})
    form.integer(*one);
  form.integer(detector.is_spiking_);
}

std::string SpikeDetector::save() const {
  Writer writer;
  pass(writer, *this);
  return std::string(state_version) + to_base64(writer.bytes);
}

Result<SpikeDetector> SpikeDetector::load(std::string_view saved, SpikeRules rules) {
  const auto unreadable = [] {
    return fail(ErrorKind::invalid, "spike_state_unreadable",
                "The baseline is of another version, or damaged; it is learned anew.");
  };
  if (!saved.starts_with(state_version)) return unreadable();
  const auto bytes = from_base64(saved.substr(state_version.size()));
  if (!bytes) return unreadable();
  SpikeDetector detector(rules);
  Reader reader{*bytes};
  pass(reader, detector);
  const bool is_slot = detector.current_slot_ >= -1 && detector.current_slot_ < spike_slots;
  const bool is_window = detector.window_minutes_ >= 0 && detector.window_minutes_ <= burst_minutes;
  if (!reader.is_good || !reader.rest.empty() || !is_slot || !is_window || detector.dispersion_ <= 0)
    return unreadable();
  return detector;
}

}  // namespace answerable::policy
