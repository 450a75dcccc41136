// Attempts on restricted access: refused requests counted by where they come from. Named detectors; each forgets
// evenly, and from its threshold on every further attempt doubles how long that source waits. So a source that goes on
// gets no more attempts than its detector forgets, and one that stops is free again by itself. What to call a source is
// the caller's: a session or key is one of its own, so that a stranger in the same network slows nobody down who is
// signed in. In memory, per process: a restart forgives.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace answerable::access {

enum class Attempt : std::uint8_t {
  guessing,            // passwords, codes, links that are not right
  enumeration,         // ids that do not exist, addresses of people asked one after the other
  forced_browsing,     // paths that do not exist
  cross_workspace,     // ids that exist in another workspace: they cannot be guessed
  token_misuse,        // keys that have ended, and what is no key of ours
  privilege_probing,   // what the role does not allow
  unapproved_program,  // a key whose application is not approved
};
inline constexpr std::size_t attempt_kinds = 7;

struct Detector {
  std::string_view name;          // as findings and figures name it
  std::string_view what;          // the attempts, for people: "18 times " + what
  double slowed_from;             // attempts that are let pass
  std::int64_t one_forgotten_ms;  // so long until one attempt less is remembered
};
const Detector& detector(Attempt kind);

// Thread-safe.
class Attempts {
 public:
  static constexpr std::int64_t first_wait_ms = 1'000;
  static constexpr std::int64_t wait_ms_max = 5 * 60'000;
  static constexpr double remembered_beyond_max = 10;  // attempts over the threshold: nobody waits for days
  static constexpr std::int64_t raised_every_ms = 3'600'000;
  static constexpr std::size_t sources_max = 50'000;  // beyond: those that nearly forgot are dropped, then all

  // `patience`: so many times the thresholds. The clock outlives it.
  explicit Attempts(const Clock& clock, double patience = 1) : clock_(clock), patience_(patience) {}

  struct Raised {  // the threshold was passed, the first time in an hour
    Attempt kind = Attempt::guessing;
    std::int64_t count = 0;  // attempts since then
    std::int64_t within_ms = 0;
  };
  // Counts one. `is_slowed`: whether the source waits for it, or is only watched.
  std::optional<Raised> note(Attempt kind, std::string_view source, bool is_slowed = true);
  // How long this source has to wait before it may try again; 0: go on. Costs one read while nobody waits.
  std::int64_t wait_ms(std::string_view source);

 private:
  struct Level {
    double height = 0;  // attempts that are not forgotten, at at_ms
    std::int64_t at_ms = 0, first_ms = 0, raised_ms = -raised_every_ms;
    std::int64_t count = 0;
  };
  struct Source {
    std::array<Level, attempt_kinds> levels;
    std::int64_t until_ms = 0;
  };
  void make_room(std::int64_t now_ms);

  const Clock& clock_;
  const double patience_;
  std::atomic<std::int64_t> last_until_ms_{0};  // nobody waits longer than that
  std::mutex mutex_;
  std::unordered_map<std::string, Source> sources_;
};

}  // namespace answerable::access
