#include "access/attempts.h"

#include <algorithm>
#include <cmath>

namespace answerable::access {
namespace {

constexpr std::int64_t second_ms = 1'000;
constexpr std::int64_t minute_ms = 60'000;

// In the order of Attempt. People mistype, follow old links and reload: below the thresholds nothing happens.
constexpr std::array<Detector, attempt_kinds> detectors{{
    {"guessing", "a password, code or link was not right", 20, minute_ms},
    {"enumeration", "an id that does not exist, or the address of a person, was asked for", 30, 20 * second_ms},
    {"forced_browsing", "a path that does not exist was asked for", 30, 20 * second_ms},
    {"cross_workspace", "something of another workspace was asked for by its id", 5, 10 * minute_ms},
    {"token_misuse", "a key came that has ended or is none of ours", 10, minute_ms},
    {"privilege_probing", "something was tried that the role or key does not allow", 15, minute_ms},
    {"unapproved_program", "a program used a key whose application is not approved, or no longer", 1, minute_ms},
}};

constexpr int doublings_max = 20;

double faded(double height, std::int64_t for_ms, const Detector& by) {
  return std::max(0.0, height - static_cast<double>(for_ms) / static_cast<double>(by.one_forgotten_ms));
}

}  // namespace

const Detector& detector(Attempt kind) { return detectors.at(static_cast<std::size_t>(kind)); }

std::optional<Attempts::Raised> Attempts::note(Attempt kind, std::string_view source, bool is_slowed) {
  const auto& by = detector(kind);
  const double threshold = by.slowed_from * patience_;
  const std::scoped_lock lock(mutex_);
  const auto now_ms = clock_.monotonic_ms();
  make_room(now_ms);
  auto& from = sources_[std::string(source)];
  auto& level = from.levels.at(static_cast<std::size_t>(kind));
  level.height = faded(level.height, now_ms - level.at_ms, by);
  if (level.height == 0) level.first_ms = now_ms, level.count = 0;
  level.height = std::min(level.height + 1, threshold + remembered_beyond_max);
  level.at_ms = now_ms;
  ++level.count;
  if (level.height < threshold) return std::nullopt;
  if (is_slowed) {
    const int doublings = std::min(doublings_max, static_cast<int>(std::floor(level.height - threshold)));
    from.until_ms = std::max(from.until_ms, now_ms + std::min(wait_ms_max, first_wait_ms << doublings));
    last_until_ms_ = std::max(last_until_ms_.load(), from.until_ms);
  }
  if (now_ms - level.raised_ms < raised_every_ms) return std::nullopt;
  level.raised_ms = now_ms;
  return Raised{.kind = kind, .count = level.count, .within_ms = now_ms - level.first_ms};
}

std::int64_t Attempts::wait_ms(std::string_view source) {
  const auto now_ms = clock_.monotonic_ms();
  if (last_until_ms_.load(std::memory_order_relaxed) <= now_ms) return 0;
  const std::scoped_lock lock(mutex_);
  const auto found = sources_.find(std::string(source));
  return found == sources_.end() ? 0 : std::max<std::int64_t>(0, found->second.until_ms - now_ms);
}

void Attempts::make_room(std::int64_t now_ms) {
  if (sources_.size() < sources_max) return;
  const auto is_nearly_forgotten = [now_ms](const auto& entry) {
    if (entry.second.until_ms > now_ms) return false;
    for (std::size_t i = 0; i < attempt_kinds; ++i) {
      const auto& level = entry.second.levels[i];
      if (faded(level.height, now_ms - level.at_ms, detectors[i]) > 1) return false;
    }
    return true;
  };
  std::erase_if(sources_, is_nearly_forgotten);
  if (sources_.size() >= sources_max) sources_.clear();
}

}  // namespace answerable::access
