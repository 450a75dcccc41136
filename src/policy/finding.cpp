#include "policy/finding.h"

#include <set>

#include "access/authorize.h"
#include "access/user.h"
#include "access/workspace.h"
#include "audit/ledger.h"
#include "base/utf8.h"
#include "policy/sentences.h"
#include "policy/statement.h"

namespace answerable::policy {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;

Status check(const NewFinding& finding) {
  const bool is_named =
      is_snake_case(finding.kind) && is_snake_case(finding.clause) && is_snake_case(finding.subject_kind);
  const auto& facts = finding.facts;
  const bool is_told = !facts.empty() && facts.size() <= facts_bytes_max && is_valid_utf8(facts);
  if (is_named && is_told && finding.subject.size() <= finding_subject_bytes_max) return {};
  return fail(ErrorKind::invalid, "bad_finding", "A finding names kind, clause and subject, and states the facts.");
}

Finding read_finding(const store::Row& row) {
  return {.id = row.id<FindingId>(0),
          .workspace = row.id<WorkspaceId>(1),
          .kind = row.string(2),
          .subject_kind = row.string(3),
          .subject = row.string(4),
          .facts = row.string(5),
          .clause = row.string(6),
          .times = row.integer(7),
          .first_at = row.time(8),
          .last_at = row.time(9),
          .is_violation = row.flag(10),
          .closed_at = row.maybe_time(11),
          .outcome = row.string(12)};
}

// A network or an id that says who it was is personal data: the ledger gets neither, and no facts.
Status enter(store::Transaction& tx, const access::Actor& by, const Finding& finding, std::string_view action) {
  TRY_STATUS(audit::append_entry(
      tx, {.workspace = finding.workspace,
           .actor = by.for_ledger(),
           .action = action,
           .object_kind = "finding",
           .object_id = finding.id.text(),
           .details = {{"kind", finding.kind}, {"clause", finding.clause}, {"subject", finding.subject_kind}}}));
  return {};
}

Letter letter(const Finding& finding, const std::string& workspace) {
  using namespace sentences;
  const auto follows = finding.is_violation ? Saying(finding_counts, {finding.clause}) : Saying(finding_waits);
  const auto place = workspace.empty() ? Saying("") : Saying(finding_workspace, {workspace});
  return {
      .subject = {workspace.empty() ? finding_subject : finding_subject_of, {name_of_finding(finding.kind), workspace}},
      .text = {finding_text,
               {name_of_finding(finding.kind), place, finding.subject_kind + " " + finding.subject,
                to_rfc3339(finding.first_at, true), Saying::recorded(finding.facts),
                finding.kind == report_kind ? Saying(finding_reported) : Saying(finding_slowed, {follows})}}};
}

Status tell(store::Transaction& tx, const NewFinding& given, const Finding& finding) {
  std::string name;
  std::set<std::string> addresses;
  if (!finding.workspace.is_nil()) {
    TRY(const auto workspace, access::find_workspace(tx, finding.workspace));
    if (workspace) name = workspace->name;
    TRY(const auto agreement, find_agreement(tx, finding.workspace));
    if (agreement) {
      const auto& to = agreement->notices;
      addresses.insert(to.security.empty() ? to.administrator : to.security);
    }
  }
  if (!given.operator_address.empty()) {
    addresses.insert(given.operator_address);
  } else {
    TRY(const auto operators, access::users(tx, WorkspaceId{}));
    for (const auto& one : operators) {
      if (one.is_active) addresses.insert(one.email);
    }
  }
  for (const auto& address : addresses) {
    if (address.empty()) continue;
    TRY_STATUS(queue_notice(tx, finding.workspace, address, letter(finding, name)));
  }
  return {};
}

Status insert(store::Transaction& tx, const Finding& finding) {
  TRY_STATUS(tx.execute(
      "insert into policy_findings (workspace_id, id, kind, subject_kind, subject, facts, clause, times, first_at, "
      "last_at, is_violation, outcome) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '')",
      {finding.workspace, finding.id, finding.kind, finding.subject_kind, finding.subject, finding.facts,
       finding.clause, finding.times, finding.first_at, finding.last_at, finding.is_violation}));
  return {};
}

// Where the policy that binds the workspace has no such clause, or there were too many today, it stays a finding.
Result<bool> make_violation(store::Transaction& tx, const access::Actor& by, const Finding& finding,
                            std::string_view reasons = {}) {
  auto facts = reasons.empty() ? finding.facts : std::string(reasons) + "\n\n" + finding.facts;
  const auto made = report_violation(tx, by,
                                     {.workspace = finding.workspace,
                                      .clause = finding.clause,
                                      .control = finding.kind,
                                      .object_kind = finding.subject_kind,
                                      .object_id = finding.subject,
                                      .facts = std::string(truncate_utf8(facts, facts_bytes_max)),
                                      .is_unreasoned = reasons.empty()});
  if (made) return true;
  if (made.error().code == "bad_violation" || made.error().code == "too_many_violations") return false;
  return std::unexpected(made.error());
}

// One that is open is counted up; nothing if there is none.
Result<std::optional<Finding>> count_again(store::Transaction& tx, const NewFinding& given) {
  TRY(auto open, tx.find("select id, workspace_id, kind, subject_kind, subject, facts, clause, times, first_at, "
                         "last_at, is_violation, closed_at, outcome from policy_findings where workspace_id = $1 and "
                         "kind = $2 and subject_kind = $3 and subject = $4 and closed_at is null",
                         {given.workspace, given.kind, given.subject_kind, given.subject}, read_finding));
  if (!open) return open;
  // What several people say stands together, the newest first.
  const bool is_said = given.kind == report_kind;
  open->facts = is_said ? std::string(truncate_utf8(given.facts + "\n\n" + open->facts, facts_bytes_max)) : given.facts;
  open->last_at = tx.now();
  ++open->times;
  TRY_STATUS(
      tx.execute("update policy_findings set times = $3, last_at = $4, facts = $5 where workspace_id = $1 and "
                 "id = $2",
                 {open->workspace, open->id, open->times, open->last_at, open->facts}));
  return open;
}

}  // namespace

Result<Finding> report_finding(store::Transaction& tx, const NewFinding& given) {
  TRY_STATUS(check(given));
  TRY(auto again, count_again(tx, given));
  if (again) return *std::move(again);
  TRY(const auto today, tx.number("select count(*) from policy_findings where workspace_id = $1 and first_at > $2",
                                  {given.workspace, tx.now() - day_ms}));
  if (today >= findings_a_day_max)
    return fail(ErrorKind::limited, "too_many_findings", "A thousand were recorded today already.");
  const auto system = access::system_actor(given.workspace);
  Finding finding{.id = FindingId::make(tx.clock()),
                  .workspace = given.workspace,
                  .kind = given.kind,
                  .subject_kind = given.subject_kind,
                  .subject = given.subject,
                  .facts = given.facts,
                  .clause = given.clause,
                  .first_at = tx.now(),
                  .last_at = tx.now(),
                  .is_violation = given.is_violation && !given.workspace.is_nil(),
                  .closed_at = {},
                  .outcome = {}};
  if (finding.is_violation) {
    TRY(finding.is_violation, make_violation(tx, system, finding));
  }
  TRY_STATUS(insert(tx, finding));
  TRY_STATUS(enter(tx, system, finding, "policy.finding"));
  TRY(const auto told, tx.number("select count(*) from policy_findings where workspace_id = $1 and first_at > $2",
                                 {given.workspace, tx.now() - hour_ms}));
  if (told <= finding_letters_an_hour_max) TRY_STATUS(tell(tx, given, finding));
  return finding;
}

Result<FindingList> findings(store::Session& session, const access::Actor& by) {
  TRY_STATUS(access::authorize(by, "oversight", "read"));
  FindingList list;
  TRY(list.items, session.all("select id, workspace_id, kind, subject_kind, subject, facts, clause, times, first_at, "
                              "last_at, is_violation, closed_at, outcome from policy_findings "
                              "order by case when closed_at is null then 0 else 1 end, last_at desc, id desc limit $1",
                              {findings_listed_max}, read_finding));
  TRY(list.total, session.number("select count(*) from policy_findings"));
  TRY(list.open, session.number("select count(*) from policy_findings where closed_at is null"));
  return list;
}

Status review_finding(store::Transaction& tx, const access::Actor& by, FindingId id, std::string_view outcome,
                      std::string_view reasons) {
  TRY_STATUS(access::authorize(by, "oversight", "decide"));
  if (reasons.size() > finding_reasons_bytes_max || !is_valid_utf8(reasons) || reasons.contains('\0'))
    return fail(ErrorKind::invalid, "bad_reasons", "Reasons are a text of at most 1,000 bytes.");
  TRY(const auto found, tx.find("select id, workspace_id, kind, subject_kind, subject, facts, clause, times, first_at, "
                                "last_at, is_violation, closed_at, outcome from policy_findings where id = $1",
                                {id}, read_finding));
  if (!found) return fail(ErrorKind::not_found, "finding_unknown", "There is no such finding.");
  if (found->closed_at) return fail(ErrorKind::conflict, "finding_closed", "This was looked at already.");
  if (outcome == "violation") {
    if (found->workspace.is_nil() || found->is_violation || found->subject_kind == "network")
      return fail(ErrorKind::conflict, "finding_of_nobody",
                  "This is a violation already, or nobody's of a workspace: mark it as seen.");
    TRY(const bool is_one, make_violation(tx, by, *found, reasons));
    if (!is_one)
      return fail(ErrorKind::conflict, "clause_missing", "The policy that binds this workspace has no such clause.");
  }
  TRY_STATUS(
      tx.execute("update policy_findings set closed_at = $3, closed_by = $4, outcome = $5 where workspace_id = "
                 "$1 and id = $2",
                 {found->workspace, id, tx.now(), by.user, outcome}));
  return enter(tx, by, *found, "policy.finding_" + std::string(outcome));
}

Result<std::int64_t> delete_old_findings(store::Transaction& tx, int limit) {
  return tx.execute(
      "delete from policy_findings where (workspace_id, id) in (select workspace_id, id from policy_findings "
      "where last_at <= $1 limit $2)",
      {tx.now() - finding_kept_ms, limit});
}

}  // namespace answerable::policy
