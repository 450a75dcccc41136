// Signs that one person's access code is used by several. One person rightly has a laptop at the office and a telephone
// on the road; so neither two places nor two devices count, but what no one person does again and again:
//   overlap      acts by hand on two sessions, from different networks and different browsers, within seconds
//   alternation  one session whose network and browser both change, and back, and again: one cookie in two browsers
//   travel       acts by hand on two sessions at places too far apart for the time between them, where the operator has
//                a map of addresses (geo_database.h). A way that was asked about once, to and fro, is not again: a
//                laptop behind a private network abroad and a telephone at home are one person.
// In memory, per process: a restart forgives.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "access/geo_database.h"
#include "base/clock.h"
#include "base/id.h"

namespace answerable::access {

// Data: rules of the clause agreed_limits, and terms of an agreement (policy/agreement.h).
struct CodeUseLimits {
  std::int64_t overlap_ms = 3'000;
  std::int64_t overlaps_a_day = 5;
  std::int64_t alternations_an_hour = 3;
  std::int64_t travels_a_day = 2;  // there and back
  std::int64_t travel_km_an_hour = 1'000;
};

// Thread-safe.
class CodeUse {
 public:
  static constexpr std::int64_t day_ms = 86'400'000, hour_ms = 3'600'000;
  static constexpr std::size_t people_max = 20'000;  // also sessions; beyond: those silent for an hour go, then all
  static constexpr std::size_t times_max = 100;      // remembered of each; thresholds lie below
  static constexpr std::size_t ways_max = 16;        // asked about, of one person
  static constexpr double near_km = 500;             // no journey, however short the time: maps are wrong by so much

  explicit CodeUse(const Clock& clock) : clock_(clock) {}

  struct Use {
    UserId user;
    SessionId session;
    std::string_view network, browser;
    bool is_by_hand = false;  // not what a page does by itself: reading, saving a draft, telling who types
    std::optional<Location> location = {};  // of acts by hand; nothing: unknown
  };
  struct Suspicion {
    std::string_view sign;                     // "overlap", "alternation", "travel"
    std::int64_t times = 0;                    // within the day or hour
    std::int64_t raised = 1;                   // the how-many-th suspicion of this person
    std::int64_t kilometres = 0, minutes = 0;  // of the last travel
  };
  // At the threshold, and then counted anew.
  std::optional<Suspicion> note(const Use& use, const CodeUseLimits& limits);

 private:
  struct Act {
    SessionId session;
    std::uint64_t network = 0, browser = 0;
    std::int64_t at_ms = 0;
  };
  // Two squares of a degree.
  using Way = std::pair<std::int64_t, std::int64_t>;
  struct Stay {
    SessionId session;
    Location at;
    std::int64_t until_ms = 0;
  };
  struct Journey {  // that nobody can have made in the time
    Way way;
    std::int64_t kilometres = 0, minutes = 0;
  };
  struct Person {
    std::optional<Act> last;
    std::optional<Stay> stay;            // where the last act by hand came from
    std::vector<std::int64_t> overlaps;  // when, monotonic
    std::vector<std::int64_t> travels;
    std::vector<Way> known_ways;
    std::int64_t raised = 0;
  };
  struct Cookie {
    std::uint64_t network = 0, browser = 0, other_network = 0, other_browser = 0;
    std::int64_t seen_ms = 0;
    std::vector<std::int64_t> alternations;
  };
  bool is_overlap(Person& person, const Act& act, std::int64_t overlap_ms);
  bool is_alternation(const Act& act);
  std::optional<Journey> journey_of(Person& person, const Use& use, std::int64_t km_an_hour);
  void make_room(std::int64_t now_ms);

  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<UserId, Person> people_;
  std::unordered_map<SessionId, Cookie> cookies_;
};

}  // namespace answerable::access
