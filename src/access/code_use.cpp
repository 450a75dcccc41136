#include "access/code_use.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace answerable::access {
namespace {

std::uint64_t mark(std::string_view text) { return std::hash<std::string_view>{}(text); }

std::int64_t square_of(const Location& location) {
  return (std::lround(location.latitude) + 90) * 361 + std::lround(location.longitude) + 180;
}

// Adds the time and returns how many lie within the window.
std::int64_t count_within(std::vector<std::int64_t>& times, std::int64_t now_ms, std::int64_t window_ms) {
  std::erase_if(times, [&](std::int64_t at_ms) { return now_ms - at_ms >= window_ms; });
  if (times.size() < CodeUse::times_max) times.push_back(now_ms);
  return static_cast<std::int64_t>(times.size());
}

}  // namespace

std::optional<CodeUse::Suspicion> CodeUse::note(const Use& use, const CodeUseLimits& limits) {
  const std::scoped_lock lock(mutex_);
  const auto now_ms = clock_.monotonic_ms();
  make_room(now_ms);
  const Act act{.session = use.session, .network = mark(use.network), .browser = mark(use.browser), .at_ms = now_ms};
  auto& person = people_[use.user];
  const auto raise = [&](std::string_view sign, std::vector<std::int64_t>& times) {
    const auto count = std::ssize(times);
    times.clear();
    return Suspicion{.sign = sign, .times = count, .raised = ++person.raised};
  };
  if (is_alternation(act)) {
    auto& times = cookies_[use.session].alternations;
    if (count_within(times, now_ms, hour_ms) >= limits.alternations_an_hour) return raise("alternation", times);
  }
  if (!use.is_by_hand) return std::nullopt;
  if (const auto journey = journey_of(person, use, limits.travel_km_an_hour)) {
    if (count_within(person.travels, now_ms, day_ms) >= limits.travels_a_day) {
      if (person.known_ways.size() >= ways_max) person.known_ways.erase(person.known_ways.begin());
      person.known_ways.push_back(journey->way);
      auto suspicion = raise("travel", person.travels);
      suspicion.kilometres = journey->kilometres;
      suspicion.minutes = journey->minutes;
      return suspicion;
    }
  }
  if (!is_overlap(person, act, limits.overlap_ms)) return std::nullopt;
  if (count_within(person.overlaps, now_ms, day_ms) >= limits.overlaps_a_day) return raise("overlap", person.overlaps);
  return std::nullopt;
}

bool CodeUse::is_overlap(Person& person, const Act& act, std::int64_t overlap_ms) {
  const auto before = std::exchange(person.last, act);
  return before && before->session != act.session && before->network != act.network && before->browser != act.browser &&
         act.at_ms - before->at_ms < overlap_ms;
}

bool CodeUse::is_alternation(const Act& act) {
  auto& cookie = cookies_[act.session];
  cookie.seen_ms = act.at_ms;
  if (cookie.network == act.network || cookie.browser == act.browser) {
    cookie.network = act.network, cookie.browser = act.browser;
    return false;
  }
  const bool is_back = cookie.other_network == act.network && cookie.other_browser == act.browser;
  cookie.other_network = std::exchange(cookie.network, act.network);
  cookie.other_browser = std::exchange(cookie.browser, act.browser);
  return is_back;
}

// Nothing for a way that was asked about.
std::optional<CodeUse::Journey> CodeUse::journey_of(Person& person, const Use& use, std::int64_t km_an_hour) {
  if (!use.location) return std::nullopt;
  const auto now_ms = clock_.monotonic_ms();
  const auto before = std::exchange(person.stay, Stay{use.session, *use.location, now_ms});
  if (!before || before->session == use.session) return std::nullopt;
  const auto kilometres = kilometres_between(before->at, *use.location);
  const auto took_ms = now_ms - before->until_ms;
  const auto needs_ms = kilometres / static_cast<double>(km_an_hour) * hour_ms;
  if (kilometres <= near_km || static_cast<double>(took_ms) >= needs_ms) return std::nullopt;
  const Way way = std::minmax({square_of(before->at), square_of(*use.location)});
  if (std::ranges::count(person.known_ways, way) > 0) return std::nullopt;
  return Journey{.way = way, .kilometres = std::lround(kilometres), .minutes = took_ms / 60'000};
}

void CodeUse::make_room(std::int64_t now_ms) {
  if (cookies_.size() >= people_max) {
    std::erase_if(cookies_, [&](const auto& entry) { return now_ms - entry.second.seen_ms >= hour_ms; });
    if (cookies_.size() >= people_max) cookies_.clear();
  }
  if (people_.size() < people_max) return;
  std::erase_if(people_, [&](const auto& entry) {
    const auto& last = entry.second.last;
    return entry.second.raised == 0 && (!last || now_ms - last->at_ms >= hour_ms);
  });
  if (people_.size() >= people_max) people_.clear();
}

}  // namespace answerable::access
