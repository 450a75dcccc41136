// Violations of a clause and the measures that follow. A control, or a person, reports what was found with its
// evidence; the clause's ladder (or the agreement's term) says which measure that leads to; whoever is concerned gets a
// statement of reasons.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "policy/agreement.h"
#include "policy/ladder.h"
#include "store/session.h"

namespace answerable::policy {

using ViolationId = Id<struct ViolationTag>;
using MeasureId = Id<struct MeasureTag>;

inline constexpr std::size_t facts_bytes_max = 4'000;
inline constexpr std::int64_t violations_a_day_max = 1'000;  // of one workspace and clause; more are one too many

struct NewViolation {
  WorkspaceId workspace;
  std::string clause;
  std::string control;                 // which one found it; "report" when a person did
  std::string object_kind, object_id;  // what it is about: "message", "delivery", "user"…; may be empty
  std::string facts;                   // the evidence, for people to read; shown to the workspace
  bool is_unreasoned = false;          // a person says so, and gives no reasons of their own
};

inline constexpr std::string_view lawful_clause = "lawful_content";
// Controls of what operators do by hand. That follows from no ladder and counts on none.
inline constexpr std::string_view kill_control = "two_operators";  // the kill switch
inline constexpr std::string_view take_down_control = "take_down";

struct Measure {
  MeasureId id;
  ViolationId violation;
  std::string clause, control, object_kind, object_id, facts;
  std::int64_t version = 0;  // of the policy
  bool is_term = false;      // the agreement's term decided, not the clause
  std::string ladder;        // as it was applied
  std::int64_t count = 0;    // the how-many-th violation within the window it was
  MeasureKind kind = MeasureKind::warn;
  Scope scope = Scope::sending;  // of a suspension or a limit
  bool is_automated = true;
  Time taken_at;
  std::optional<Time> ended_at;
  std::string ended_as;  // "cured", "dismissed"; empty while it stands

  std::string rule() const;  // what it rests on: "no_bulk, version 3"
  bool is_kill_switch() const { return control == kill_control; }
  bool is_take_down() const { return control == take_down_control; }
};

// Records the violation and takes its measure; the statement of reasons goes to the agreement's notice addresses. A
// suspension of the same scope and cause that stands already is not doubled. A person is not blocked by the program,
// nor by somebody without reasons: there it warns. Errors: denied; not_found "workspace_unknown"; invalid
// "bad_violation" (also: the binding version has no such clause or no ladder); limited
// "too_many_violations".
Result<Measure> report_violation(store::Transaction& tx, const access::Actor& by, const NewViolation& violation);
// What operators have done by hand, as a measure, so that it is seen, told and appealed against like any other: two of
// them have suspended everything (of the clause how_it_works; `by` confirmed it), or one has taken a message down (of
// the clause lawful_content).
Status record_kill_switch(store::Transaction& tx, const access::Actor& by, WorkspaceId workspace,
                          std::string_view cause, std::string_view reason);
Status record_take_down(store::Transaction& tx, const access::Actor& by, WorkspaceId workspace, MessageId message,
                        std::string_view reason);
// The message was put back: the measure is dismissed, if one stands.
Status end_take_down(store::Transaction& tx, WorkspaceId workspace, MessageId message);
// What report_violation() would take for it now; nothing when it would be refused, because the policy that binds the
// workspace has no such clause.
Result<std::optional<MeasureKind>> foresee_measure(store::Session& session, const NewViolation& violation);
// Ends the measure: the cause is gone ("cured"), or it was none ("dismissed": it does not count any more). A suspension
// ends when no measure stands that it rests on. By a control, or by an operator who did not report it; a suspension by
// its control only, or else by an appeal or by two operators (two_person.h). Errors: denied
// "second_person_must_differ", "second_person_needed"; not_found "measure_unknown"; conflict "measure_over".
Status end_measure(store::Transaction& tx, const access::Actor& by, WorkspaceId workspace, MeasureId id,
                   std::string_view as);

// Whoever decides about a measure that a person took is another person. Errors: denied "second_person_must_differ".
Status check_is_another(store::Session& session, const access::Actor& by, WorkspaceId workspace,
                        const Measure& measure);

inline constexpr int measures_max = 200;  // in one list, newest first
Result<std::vector<Measure>> measures(store::Session& session, WorkspaceId workspace);
// Those that this control has found in all workspaces and that stand.
struct StandingMeasure {
  WorkspaceId workspace;
  MeasureId id;
  std::string object_id;
};
Result<std::vector<StandingMeasure>> standing_of(store::Session& session, std::string_view control);
// Those of the kind `limit` that stand.
Result<std::vector<Measure>> standing_limits(store::Session& session, WorkspaceId workspace);
Result<Measure> load_measure(store::Session& session, WorkspaceId workspace, MeasureId id);

// The cause of a suspension for breach of a clause of this class. That a use is unlawful is for a person to say, of the
// clause lawful_content.
std::string_view cause_of(std::string_view clause, int use_class, bool is_automated);

}  // namespace answerable::policy
