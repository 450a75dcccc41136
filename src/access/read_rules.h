// When a reading is unusual, so that a reason is asked for: three rules with thresholds that are data of the workspace
// (docs/operations/roles.md), and how long readings are kept.
#pragma once

#include <cstdint>
#include <optional>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr std::int64_t read_kept_days_min = 30;
inline constexpr std::int64_t read_kept_days_max = 3'650;
inline constexpr std::int64_t many_per_hour_max = 1'000;

struct ReadRules {
  bool of_others = false;            // a conversation that is assigned to somebody else
  std::int64_t closed_days = 180;    // closed, and nothing said for so many days; 0: never asked
  std::int64_t many_per_hour = 200;  // more conversations within an hour that are not one's own; 0: never asked
  std::int64_t kept_days = 365;
};

Result<ReadRules> load_read_rules(store::Session& session, WorkspaceId workspace);
// Errors: denied, invalid "bad_read_rules".
Status set_read_rules(store::Transaction& tx, const Actor& by, const ReadRules& rules);

// What is about to be opened.
struct Opened {
  UserId assignee;  // nil: nobody
  bool is_closed = false;
  Time last_message_at;
};
enum class Unusual : std::uint8_t { of_another, closed_long_ago, many };
// Pure. `recent`: how many others' conversations the person has opened within the last hour.
std::optional<Unusual> judge_reading(const ReadRules& rules, const Actor& by, const Opened& what, std::int64_t recent,
                                     Time now);

}  // namespace answerable::access
