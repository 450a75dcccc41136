// How much of a workspace one credential reads, and how broadly, against what others of its role read. Counted are
// different things: a conversation or contact is one, an attachment a quarter, a further page of a list five. An hour
// or a day is unusual above the floor and above so many times the median hour of the role; twice that is excessive. A
// scraper that reads as fast as it can is found within the hour, one at the pace of a person within the day, because
// no person reads without a pause. In memory, per process: a restart forgives.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/clock.h"

namespace answerable::access {

// Data: rules of the clause approved_programs, and terms of an agreement (policy/agreement.h).
struct ReadingLimits {
  std::int64_t an_hour = 240;
  std::int64_t a_day = 1'000;
  std::int64_t times_the_norm = 6;
};

// Thread-safe.
class BulkReading {
 public:
  static constexpr std::int64_t hour_ms = 3'600'000;
  static constexpr std::size_t hours = 24;
  static constexpr std::size_t readers_max = 10'000;  // beyond: those that are silent for a day go, then all
  static constexpr std::size_t things_max = 8'192;    // told apart within an hour; beyond, each counts as another
  static constexpr std::size_t samples_max = 200;     // hours of a role that the norm is the median of
  static constexpr std::size_t samples_min = 20;      // fewer are no norm: the floor holds
  static constexpr std::int64_t norm_floors_max = 4;  // so many floors at most, however much a role reads
  static constexpr double active_from = 5;            // things that make an hour a sample

  explicit BulkReading(const Clock& clock) : clock_(clock) {}

  struct Reader {
    std::string_view credential;  // who
    std::string_view role;        // whose norm: workspace and role
  };
  enum class Pace : std::uint8_t { usual, unusual, excessive };
  struct Read {
    Pace pace = Pace::usual;
    double this_hour = 0, this_day = 0;      // different things
    std::int64_t per_hour = 0, per_day = 0;  // what would be usual
    std::int64_t until_ms = 0;               // to the end of the hour
    bool is_first = false;                   // the first of this pace within the hour
  };
  Read note(const Reader& reader, std::string_view thing, double weight, const ReadingLimits& limits);

 private:
  struct Known {
    std::int64_t hour = 0;
    std::array<double, hours> counts{};  // by hour modulo 24
    std::unordered_set<std::uint64_t> things;
    Pace told = Pace::usual;
  };
  void turn_to(Known& known, std::int64_t hour, std::string_view role);
  std::int64_t norm_of(std::string_view role) const;
  void make_room(std::int64_t hour);

  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Known> readers_;
  std::unordered_map<std::string, std::deque<double>> samples_;  // of a role
};

}  // namespace answerable::access
