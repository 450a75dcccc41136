#include "policy/violation.h"

#include "access/authorize.h"
#include "access/revision.h"
#include "access/workspace.h"
#include "audit/ledger.h"
#include "base/utf8.h"
#include "policy/cure.h"
#include "policy/measure_row.h"
#include "policy/statement.h"
#include "policy/suspend.h"
#include "policy/tell_changed.h"

namespace answerable::policy {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t window_days_otherwise = 90;

bool is_text(std::string_view text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max && is_valid_utf8(text) && !text.contains('\0');
}

Status check(const NewViolation& violation) {
  const bool is_named = is_snake_case(violation.clause) && is_snake_case(violation.control);
  const bool is_about = violation.object_kind.empty() || is_snake_case(violation.object_kind);
  if (is_named && is_about && violation.object_id.size() <= 100 && is_text(violation.facts, facts_bytes_max)) return {};
  return fail(ErrorKind::invalid, "bad_violation", "A violation names clause and control, and states the facts.");
}

struct Applied {
  AppliedRule ladder;
  std::vector<LadderStep> steps;
  std::int64_t window_ms = 0;
  int use_class = 0;
};

Result<Applied> load_rules(store::Session& session, const NewViolation& violation) {
  Applied applied;
  TRY(applied.ladder, rule_for(session, violation.workspace, violation.clause, "ladder"));
  TRY(const auto version, find_version(session, applied.ladder.version));
  const auto* clause = version ? find_clause(version->clauses, violation.clause) : nullptr;
  if (clause == nullptr || applied.ladder.value.empty())
    return fail(ErrorKind::invalid, "bad_violation", "The policy that binds this workspace has no such clause.");
  applied.use_class = clause->use_class;
  TRY(applied.steps, parse_ladder(applied.ladder.value));
  TRY(const auto window, rule_for(session, violation.workspace, violation.clause, "window_days"));
  applied.window_ms = window.number(window_days_otherwise) * day_ms;
  return applied;
}

Result<std::int64_t> count_since(store::Session& session, const NewViolation& violation, std::int64_t window_ms) {
  return session.number(
      "select count(*) from policy_measures where workspace_id = $1 and clause = $2 and taken_at > $3 "
      "and ended_as <> 'dismissed' and ladder <> ''",
      {violation.workspace, violation.clause, session.now() - window_ms});
}

// What every message is judged by changes with these (judging.h).
Status renew_restrictions(store::Transaction& tx, WorkspaceId workspace, MeasureKind kind) {
  if (kind != MeasureKind::hold && kind != MeasureKind::block) return {};
  return access::renew_revision(tx, workspace, access::measures_part);
}

Status insert(store::Transaction& tx, const access::Actor& by, WorkspaceId workspace, const Measure& measure,
              std::string_view cause) {
  TRY_STATUS(tx.execute(
      "insert into policy_measures (workspace_id, id, violation_id, clause, control, object_kind, object_id, facts, "
      "version, is_term, ladder, violations, kind, scope, cause, is_automated, taken_by, taken_at, ended_as) values "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, '')",
      {workspace, measure.id, measure.violation, measure.clause, measure.control, measure.object_kind,
       measure.object_id, measure.facts, measure.version, measure.is_term, measure.ladder, measure.count,
       to_string(measure.kind), to_string(measure.scope), cause, measure.is_automated, by.id_text(),
       measure.taken_at}));
  return renew_restrictions(tx, workspace, measure.kind);
}

Status enter(store::Transaction& tx, const access::Actor& by, WorkspaceId workspace, std::string_view action,
             const Measure& measure) {
  TRY_STATUS(audit::append_entry(tx, {.workspace = workspace,
                                      .actor = by.for_ledger(),
                                      .action = action,
                                      .object_kind = "measure",
                                      .object_id = measure.id.text(),
                                      .details = {{"clause", measure.clause},
                                                  {"version", std::to_string(measure.version)},
                                                  {"rule", measure.is_term ? "term" : "clause"},
                                                  {"control", measure.control},
                                                  {"measure", std::string(to_string(measure.kind))},
                                                  {"violations", std::to_string(measure.count)}}}));
  return tell_changed(tx, by, workspace);
}

Status suspend_for(store::Transaction& tx, WorkspaceId workspace, const Measure& measure, std::string_view cause) {
  const auto done = suspend(tx, access::system_actor(workspace),
                            {.workspace = workspace,
                             .scope = measure.scope,
                             .cause = std::string(cause),
                             .reason = short_reason(measure),
                             .until = {}});
  if (!done && done.error().code != "already_suspended") return done;
  return report_cured(tx, workspace, cause, false);
}

// The suspension rests on every measure of its cause and scope that still stands.
Status cure_if_last(store::Transaction& tx, WorkspaceId workspace, const Measure& measure) {
  if (measure.kind != MeasureKind::suspend) return {};
  TRY(const auto cause, tx.find("select cause from policy_measures where workspace_id = $1 and id = $2",
                                {workspace, measure.id}, [](const store::Row& row) { return row.string(0); }));
  TRY(const auto others,
      tx.number("select count(*) from policy_measures where workspace_id = $1 and cause = $2 and kind = 'suspend' "
                "and ended_as = ''",
                {workspace, *cause}));
  if (others > 0) return {};
  return report_cured(tx, workspace, *cause, true);
}

// What stops a workspace, one person alone does not end by saying that it is over: two_person.h and appeal.h.
Status check_is_not_alone(const access::Actor& by, const Measure& measure) {
  if (by.kind == access::Actor::Kind::system || measure.kind != MeasureKind::suspend) return {};
  return fail(ErrorKind::denied, "second_person_needed", "Lifting by hand takes two operators: ask for it first.");
}

// The measure has what is particular to it; the rest is the same for all that follow from no ladder.
Status record_by_hand(store::Transaction& tx, const access::Actor& by, WorkspaceId in, std::string_view cause,
                      Measure measure) {
  TRY(const auto workspace, access::find_workspace(tx, in));
  if (!workspace) return fail(ErrorKind::not_found, "workspace_unknown", "There is no such workspace.");
  measure.id = MeasureId::make(tx.clock());
  measure.violation = ViolationId::make(tx.clock());
  TRY(measure.version, binding_version(tx, in));
  measure.is_automated = false;
  measure.taken_at = tx.now();
  TRY_STATUS(insert(tx, by, in, measure, cause));
  TRY_STATUS(enter(tx, by, in, "policy.measure", measure));
  return send_statement(tx, *workspace, measure);
}

LadderStep step_of(const Applied& applied, std::int64_t count, const NewViolation& violation, bool is_reasoned) {
  auto step = step_for(applied.steps, count).value_or(LadderStep{});
  if (step.kind == MeasureKind::block && violation.object_kind == "user" && !is_reasoned) step.kind = MeasureKind::warn;
  return step;
}

}  // namespace

std::string Measure::rule() const {
  return AppliedRule{.clause = clause, .name = "ladder", .value = ladder, .version = version, .is_term = is_term}
      .citation();
}

Result<Measure> report_violation(store::Transaction& tx, const access::Actor& by, const NewViolation& violation) {
  TRY_STATUS(access::authorize(by, "oversight", "suspend"));
  TRY_STATUS(check(violation));
  TRY(const auto workspace, access::find_workspace(tx, violation.workspace));
  if (!workspace) return fail(ErrorKind::not_found, "workspace_unknown", "There is no such workspace.");
  TRY(const auto applied, load_rules(tx, violation));
  TRY(const auto today, count_since(tx, violation, day_ms));
  if (today >= violations_a_day_max)
    return fail(ErrorKind::limited, "too_many_violations", "A thousand of this clause were recorded today already.");
  TRY(const auto before, count_since(tx, violation, applied.window_ms));
  const bool is_reasoned = by.kind != access::Actor::Kind::system && !violation.is_unreasoned;
  const auto step = step_of(applied, before + 1, violation, is_reasoned);
  const Measure measure{.id = MeasureId::make(tx.clock()),
                        .violation = ViolationId::make(tx.clock()),
                        .clause = violation.clause,
                        .control = violation.control,
                        .object_kind = violation.object_kind,
                        .object_id = violation.object_id,
                        .facts = violation.facts,
                        .version = applied.ladder.version,
                        .is_term = applied.ladder.is_term,
                        .ladder = applied.ladder.value,
                        .count = before + 1,
                        .kind = step.kind,
                        .scope = step.scope,
                        .is_automated = by.kind == access::Actor::Kind::system,
                        .taken_at = tx.now(),
                        .ended_at = {},
                        .ended_as = {}};
  const auto cause = cause_of(violation.clause, applied.use_class, measure.is_automated);
  TRY_STATUS(insert(tx, by, violation.workspace, measure, cause));
  TRY_STATUS(enter(tx, by, violation.workspace, "policy.measure", measure));
  if (measure.kind == MeasureKind::suspend) TRY_STATUS(suspend_for(tx, violation.workspace, measure, cause));
  TRY_STATUS(send_statement(tx, *workspace, measure));
  return measure;
}

Status record_kill_switch(store::Transaction& tx, const access::Actor& by, WorkspaceId workspace,
                          std::string_view cause, std::string_view reason) {
  return record_by_hand(tx, by, workspace, cause,
                        {.clause = "how_it_works",
                         .control = std::string(kill_control),
                         .facts = std::string(reason),
                         .kind = MeasureKind::suspend,
                         .scope = Scope::everything});
}

Status record_take_down(store::Transaction& tx, const access::Actor& by, WorkspaceId workspace, MessageId message,
                        std::string_view reason) {
  return record_by_hand(tx, by, workspace, "unlawful_use",
                        {.clause = std::string(lawful_clause),
                         .control = std::string(take_down_control),
                         .object_kind = "message",
                         .object_id = message.text(),
                         .facts = std::string(reason),
                         .kind = MeasureKind::block});
}

Status end_take_down(store::Transaction& tx, WorkspaceId workspace, MessageId message) {
  TRY(const auto standing, tx.find("select id from policy_measures where workspace_id = $1 and control = $2 and "
                                   "object_id = $3 and ended_as = ''",
                                   {workspace, take_down_control, message.text()},
                                   [](const store::Row& row) { return row.id<MeasureId>(0); }));
  if (!standing) return {};
  return end_measure(tx, access::system_actor(workspace), workspace, *standing, "dismissed");
}

Result<std::optional<MeasureKind>> foresee_measure(store::Session& session, const NewViolation& violation) {
  const auto applied = load_rules(session, violation);
  if (!applied && applied.error().kind == ErrorKind::invalid) return std::optional<MeasureKind>();
  if (!applied) return std::unexpected(applied.error());
  TRY(const auto before, count_since(session, violation, applied->window_ms));
  return std::optional(step_of(*applied, before + 1, violation, false).kind);
}

Status end_measure(store::Transaction& tx, const access::Actor& by, WorkspaceId workspace, MeasureId id,
                   std::string_view as) {
  TRY_STATUS(access::authorize(by, "oversight", "decide"));
  TRY(const auto measure, load_measure(tx, workspace, id));
  if (!measure.ended_as.empty()) return fail(ErrorKind::conflict, "measure_over", "This measure is over already.");
  TRY_STATUS(check_is_another(tx, by, workspace, measure));
  TRY_STATUS(check_is_not_alone(by, measure));
  TRY_STATUS(tx.execute("update policy_measures set ended_at = $3, ended_as = $4 where workspace_id = $1 and id = $2",
                        {workspace, id, tx.now(), as}));
  TRY_STATUS(renew_restrictions(tx, workspace, measure.kind));
  TRY_STATUS(enter(tx, by, workspace, "policy." + std::string(as), measure));
  return cure_if_last(tx, workspace, measure);
}

Status check_is_another(store::Session& session, const access::Actor& by, WorkspaceId workspace,
                        const Measure& measure) {
  TRY(const auto taken_by, session.find("select taken_by from policy_measures where workspace_id = $1 and id = $2",
                                        {workspace, measure.id}, [](const store::Row& row) { return row.string(0); }));
  if (measure.is_automated || taken_by != by.id_text()) return {};
  return fail(ErrorKind::denied, "second_person_must_differ", "Somebody else than who reported it decides this.");
}

Result<std::vector<Measure>> measures(store::Session& session, WorkspaceId workspace) {
  return session.all(
      "select id, violation_id, clause, control, object_kind, object_id, facts, version, is_term, ladder, violations, "
      "kind, scope, is_automated, taken_at, ended_at, ended_as from policy_measures where workspace_id = $1 "
      "order by taken_at desc, id desc limit $2",
      {workspace, measures_max}, read_measure);
}

Result<std::vector<StandingMeasure>> standing_of(store::Session& session, std::string_view control) {
  return session.all(
      "select workspace_id, id, object_id from policy_measures where control = $1 and ended_as = '' order by id",
      {control}, [](const store::Row& row) {
        return StandingMeasure{
            .workspace = row.id<WorkspaceId>(0), .id = row.id<MeasureId>(1), .object_id = row.string(2)};
      });
}

Result<std::vector<Measure>> standing_limits(store::Session& session, WorkspaceId workspace) {
  return session.all(
      "select id, violation_id, clause, control, object_kind, object_id, facts, version, is_term, ladder, violations, "
      "kind, scope, is_automated, taken_at, ended_at, ended_as from policy_measures where workspace_id = $1 "
      "and kind = 'limit' and ended_as = '' order by taken_at desc, id desc limit $2",
      {workspace, measures_max}, read_measure);
}

Result<Measure> load_measure(store::Session& session, WorkspaceId workspace, MeasureId id) {
  TRY(auto found, session.find("select id, violation_id, clause, control, object_kind, object_id, facts, version, "
                               "is_term, ladder, violations, kind, scope, is_automated, taken_at, ended_at, ended_as "
                               "from policy_measures where workspace_id = $1 and id = $2",
                               {workspace, id}, read_measure));
  if (!found) return fail(ErrorKind::not_found, "measure_unknown", "There is no such measure.");
  return *std::move(found);
}

std::string_view cause_of(std::string_view clause, int use_class, bool is_automated) {
  if (clause == lawful_clause && !is_automated) return "unlawful_use";
  switch (use_class) {
    case 3: return "unusual_traffic";
    case 4: return "workspace_attack";
    case 7: return "payment_default";
    default: return "policy_breach";
  }
}

}  // namespace answerable::policy
