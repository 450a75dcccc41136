// Findings: what those that watch over access have seen and a person should know. One that is certain becomes a
// violation at once, by the ladder of its clause; the others wait for a reviewer. The first tells the security contact
// of the workspace and the operator by mail; while it is open, the same again is only counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "policy/violation.h"
#include "store/session.h"

namespace answerable::policy {

using FindingId = Id<struct FindingTag>;

// What a person says, in place of a control.
inline constexpr std::string_view report_kind = "report";

inline constexpr std::size_t finding_subject_bytes_max = 100;
inline constexpr std::int64_t findings_a_day_max = 1'000;  // new ones of one workspace; more are counted, not kept
inline constexpr std::int64_t finding_letters_an_hour_max = 20;     // of one workspace; all stand in the list
inline constexpr std::int64_t finding_kept_ms = 90LL * 86'400'000;  // after it was last seen
inline constexpr int findings_listed_max = 200;                     // newest first; the total is told

struct NewFinding {
  WorkspaceId workspace;              // nil: nobody's in particular, an attack from outside
  std::string kind;                   // snake_case: what watches names it
  std::string subject_kind, subject;  // "network" and "198.51.100.0/24"; "session", "user", "api_key" and the id
  std::string facts;                  // the evidence, for people to read
  std::string clause;                 // under which it would be a violation
  bool is_violation = false;          // it is one: certain, and by somebody of the workspace
  std::string operator_address = {};  // who is told beside the workspace; empty: the operators themselves
};

struct Finding {
  FindingId id;
  WorkspaceId workspace;
  std::string kind, subject_kind, subject, facts, clause;
  std::int64_t times = 1;  // seen while it was open
  Time first_at, last_at;
  bool is_violation = false;
  std::optional<Time> closed_at;
  std::string outcome;  // "violation", "dismissed"; empty while it is open
};

// By the system. Errors: invalid "bad_finding"; limited "too_many_findings".
Result<Finding> report_finding(store::Transaction& tx, const NewFinding& finding);

struct FindingList {
  std::vector<Finding> items;  // open ones first, then newest first
  std::int64_t total = 0, open = 0;
};
// For operators. Errors: denied.
Result<FindingList> findings(store::Session& session, const access::Actor& by);
// A person has looked at it. "violation": it is one, and the ladder says what follows; only of a workspace, and only if
// it was not one from the start. "dismissed": it was none. "seen": what is one already, or an attack from outside, is
// settled. Errors: denied; not_found "finding_unknown"; conflict "finding_closed", "finding_of_nobody",
// "clause_missing".
// `reasons`: of a violation, in the person's own words; they go before the facts, and only with them a person is
// blocked (violation.h). Errors also: invalid "bad_reasons".
inline constexpr std::size_t finding_reasons_bytes_max = 1'000;
Status review_finding(store::Transaction& tx, const access::Actor& by, FindingId id, std::string_view outcome,
                      std::string_view reasons = {});

// Those whose time is over; returns how many of at most `limit`. They name networks and people.
Result<std::int64_t> delete_old_findings(store::Transaction& tx, int limit);

}  // namespace answerable::policy
