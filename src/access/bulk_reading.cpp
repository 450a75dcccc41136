#include "access/bulk_reading.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

namespace answerable::access {
namespace {

double sum(const std::array<double, BulkReading::hours>& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0.0);
}

BulkReading::Pace pace_of(double count, std::int64_t usual) {
  if (count > 2 * static_cast<double>(usual)) return BulkReading::Pace::excessive;
  return count > static_cast<double>(usual) ? BulkReading::Pace::unusual : BulkReading::Pace::usual;
}

}  // namespace

BulkReading::Read BulkReading::note(const Reader& reader, std::string_view thing, double weight,
                                    const ReadingLimits& limits) {
  const std::scoped_lock lock(mutex_);
  const auto now_ms = clock_.monotonic_ms();
  const auto hour = now_ms / hour_ms;
  make_room(hour);
  auto& known = readers_[std::string(reader.credential)];
  turn_to(known, hour, reader.role);
  const bool is_another =
      known.things.size() >= things_max || known.things.insert(std::hash<std::string_view>{}(thing)).second;
  auto& count = known.counts[static_cast<std::size_t>(hour) % hours];
  if (is_another) count += weight;
  const auto norm = norm_of(reader.role) * limits.times_the_norm;
  Read read{.this_hour = count, .this_day = sum(known.counts), .until_ms = (hour + 1) * hour_ms - now_ms};
  read.per_hour = std::clamp(norm, limits.an_hour, norm_floors_max * limits.an_hour);
  // Nobody works more than eight hours at six times what others do.
  read.per_day = std::clamp(norm * 8, limits.a_day, norm_floors_max * limits.a_day);
  read.pace = std::max(pace_of(read.this_hour, read.per_hour), pace_of(read.this_day, read.per_day));
  read.is_first = read.pace > known.told;
  known.told = std::max(known.told, read.pace);
  return read;
}

// The hour that is over becomes a sample of its role. Only one that was usual: who takes everything moves no norm.
void BulkReading::turn_to(Known& known, std::int64_t hour, std::string_view role) {
  if (known.hour == hour) return;
  const auto last = known.counts[static_cast<std::size_t>(known.hour) % hours];
  if (known.told == Pace::usual && last >= active_from) {
    auto& samples = samples_[std::string(role)];
    samples.push_back(last);
    if (samples.size() > samples_max) samples.pop_front();
  }
  const auto passed = std::min<std::int64_t>(hour - known.hour, hours);
  for (std::int64_t i = 0; i < passed; ++i) known.counts[static_cast<std::size_t>(hour - i) % hours] = 0;
  known.hour = hour;
  known.things.clear();
  known.told = Pace::usual;
}

std::int64_t BulkReading::norm_of(std::string_view role) const {
  const auto found = samples_.find(std::string(role));
  if (found == samples_.end() || found->second.size() < samples_min) return 0;
  std::vector<double> sorted(found->second.begin(), found->second.end());
  const auto middle = sorted.begin() + std::ssize(sorted) / 2;
  std::nth_element(sorted.begin(), middle, sorted.end());
  return static_cast<std::int64_t>(*middle);
}

void BulkReading::make_room(std::int64_t hour) {
  if (samples_.size() >= readers_max) samples_.clear();
  if (readers_.size() < readers_max) return;
  std::erase_if(readers_,
                [hour](const auto& entry) { return hour - entry.second.hour >= static_cast<std::int64_t>(hours); });
  if (readers_.size() >= readers_max) readers_.clear();
}

}  // namespace answerable::access
