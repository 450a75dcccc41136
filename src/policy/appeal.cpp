#include "policy/appeal.h"

#include "access/authorize.h"
#include "audit/ledger.h"
#include "base/utf8.h"
#include "policy/sentences.h"
#include "policy/statement.h"
#include "policy/tell_changed.h"
#include "policy/two_person.h"

namespace answerable::policy {
namespace {

Appeal read_appeal(const store::Row& row) {
  return {.id = row.id<AppealId>(0),
          .workspace = row.id<WorkspaceId>(1),
          .measure = row.id<MeasureId>(2),
          .text = row.string(3),
          .made_at = row.time(4),
          .decided_at = row.maybe_time(5),
          .outcome = row.string(6),
          .answer = row.string(7)};
}

Status check_text(std::string_view text) {
  if (!text.empty() && text.size() <= appeal_bytes_max && is_valid_utf8(text) && !text.contains('\0')) return {};
  return fail(ErrorKind::invalid, "bad_appeal", "Say why, in at most 4,000 bytes.");
}

// What people wrote is not in the ledger: who, about what, with which outcome is.
Status enter(store::Transaction& tx, const access::Actor& by, std::string_view action, const Appeal& appeal) {
  audit::Act act{.workspace = appeal.workspace,
                 .actor = by.for_ledger(),
                 .action = action,
                 .object_kind = "appeal",
                 .object_id = appeal.id.text(),
                 .details = {{"measure", appeal.measure.text()}}};
  if (!appeal.outcome.empty()) act.details.emplace_back("outcome", appeal.outcome);
  TRY_STATUS(audit::append_entry(tx, act));
  return tell_changed(tx, by, appeal.workspace);
}

// The suspensions that rest on this measure: of its scope, for the cause of its clause.
Status ask_to_lift(store::Transaction& tx, const access::Actor& by, const Appeal& appeal, const Measure& measure) {
  TRY(const auto cause, tx.find("select cause from policy_measures where workspace_id = $1 and id = $2",
                                {appeal.workspace, measure.id}, [](const store::Row& row) { return row.string(0); }));
  TRY(const auto in_force, suspensions(tx, appeal.workspace));
  for (const auto& one : in_force) {
    if (one.scope != measure.scope || one.cause != *cause) continue;
    const auto asked = ask(tx, by,
                           {.workspace = appeal.workspace,
                            .act = TwoPersonAct::lift,
                            .suspension = one.id,
                            .cause = {},
                            .reason = "Appeal reversed: " + std::string(truncate_utf8(appeal.answer, 1'900))});
    if (!asked && asked.error().code != "already_asked") return std::unexpected(asked.error());
  }
  return {};
}

Result<Appeal> load_waiting(store::Session& session, AppealId id) {
  TRY(auto found, session.find("select id, workspace_id, measure_id, body, made_at, decided_at, outcome, answer "
                               "from policy_appeals where id = $1",
                               {id}, read_appeal));
  if (!found) return fail(ErrorKind::not_found, "appeal_unknown", "There is no such appeal.");
  if (found->decided_at) return fail(ErrorKind::conflict, "appeal_decided", "This appeal is decided already.");
  return *std::move(found);
}

}  // namespace

Result<Appeal> appeal(store::Transaction& tx, const access::Actor& by, MeasureId measure, std::string_view text) {
  TRY_STATUS(access::authorize(by, "policy", "appeal"));
  TRY_STATUS(check_text(text));
  TRY_STATUS(load_measure(tx, by.workspace, measure));
  const Appeal made{.id = AppealId::make(tx.clock()),
                    .workspace = by.workspace,
                    .measure = measure,
                    .text = std::string(text),
                    .made_at = tx.now(),
                    .decided_at = {},
                    .outcome = {},
                    .answer = {}};
  TRY(const auto inserted,
      tx.execute("insert into policy_appeals (id, workspace_id, measure_id, body, made_by, made_at, outcome, answer) "
                 "values ($1, $2, $3, $4, $5, $6, '', '') on conflict (workspace_id, measure_id) do nothing",
                 {made.id, made.workspace, made.measure, made.text, by.id_text(), made.made_at}));
  if (inserted == 0)
    return fail(ErrorKind::conflict, "already_appealed", "There is an appeal against this measure already.");
  TRY_STATUS(enter(tx, by, "policy.appeal", made));
  return made;
}

Result<Appeal> decide_appeal(store::Transaction& tx, const access::Actor& by, const Decision& decision) {
  TRY_STATUS(access::authorize(by, "oversight", "decide"));
  TRY_STATUS(check_text(decision.answer));
  TRY(auto waiting, load_waiting(tx, decision.appeal));
  waiting.outcome = decision.is_reversed ? "reversed" : "upheld";
  waiting.answer = decision.answer;
  waiting.decided_at = tx.now();
  TRY(const auto measure, load_measure(tx, waiting.workspace, waiting.measure));
  TRY_STATUS(check_is_another(tx, by, waiting.workspace, measure));
  TRY_STATUS(
      tx.execute("update policy_appeals set outcome = $2, answer = $3, decided_at = $4, decided_by = $5 where id = $1",
                 {waiting.id, waiting.outcome, waiting.answer, tx.now(), by.id_text()}));
  TRY_STATUS(enter(tx, by, "policy.decide", waiting));
  if (decision.is_reversed && measure.ended_as.empty()) {
    const bool stops = measure.kind == MeasureKind::suspend;
    TRY_STATUS(stops ? ask_to_lift(tx, by, waiting, measure)
                     : end_measure(tx, by, waiting.workspace, measure.id, "dismissed"));
  }
  const auto& outcome = decision.is_reversed ? sentences::appeal_reversed : sentences::appeal_upheld;
  TRY_STATUS(
      send_notice(tx, waiting.workspace,
                  {.subject = {sentences::appeal_subject, {outcome}},
                   .text = {sentences::appeal_text, {outcome, Saying::recorded(measure.rule()), waiting.answer}}}));
  return waiting;
}

Result<std::vector<Appeal>> appeals(store::Session& session, WorkspaceId workspace) {
  return session.all(
      "select id, workspace_id, measure_id, body, made_at, decided_at, outcome, answer from policy_appeals "
      "where workspace_id = $1 order by made_at desc, id desc limit $2",
      {workspace, appeals_max}, read_appeal);
}

Result<std::vector<Appeal>> waiting_appeals(store::Session& session) {
  return session.all(
      "select id, workspace_id, measure_id, body, made_at, decided_at, outcome, answer from policy_appeals "
      "where decided_at is null order by made_at, id limit $1",
      {appeals_max}, read_appeal);
}

}  // namespace answerable::policy
