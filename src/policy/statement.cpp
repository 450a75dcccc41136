#include "policy/statement.h"

#include <algorithm>
#include <set>

#include "base/utf8.h"

namespace answerable::policy {
namespace {

constexpr std::int64_t first_wait_ms = 60'000;
constexpr std::int64_t wait_ms_max = 4LL * 3'600'000;
constexpr std::size_t problem_bytes_max = 500;

std::string affects(const Measure& measure) {
  switch (measure.kind) {
    case MeasureKind::warn: return "Nothing is stopped by this warning.";
    case MeasureKind::hold: return "What is named above is held until a person has looked at it.";
    case MeasureKind::limit:
      return "Limited: " + std::string(to_string(measure.scope)) +
             ". The workspace can do less of this within a minute; what goes beyond is refused, and can be tried "
             "again.";
    case MeasureKind::block: return "What is named above was refused.";
    case MeasureKind::suspend: break;
  }
  return "Suspended: " + std::string(to_string(measure.scope)) +
         ". What arrives is collected; what was to leave is held, and lost is nothing.";
}

}  // namespace

std::string short_reason(const Measure& measure) {
  return "Clause " + measure.rule() + ": " + std::string(truncate_utf8(measure.facts, 1'000)) + " " +
         std::string(cure_of(measure.kind));
}

std::string statement_of(const Measure& measure, std::string_view workspace) {
  std::string text = "Statement of reasons\n\nWorkspace: " + std::string(workspace) + "\n";
  text += "Measure: " + std::string(to_string(measure.kind)) + "\n";
  text += "Taken: " + to_rfc3339(measure.taken_at, true) + "\n";
  text += "Rule: " + measure.rule() + " (ladder: " + measure.ladder + "; this is violation " +
          std::to_string(measure.count) + ")\n\n";
  text += "Facts, found by the control " + measure.control + ":\n" + measure.facts + "\n\n";
  text += measure.is_automated ? "The program decided this by the ladder of the clause.\n"
                               : "A person reported this; the measure follows from the ladder of the clause.\n";
  text += "\nWhat it affects: " + affects(measure) + "\n";
  text += "\nHow to cure it: " + std::string(cure_of(measure.kind)) + "\n";
  text +=
      "\nHow to appeal: an administrator opens Settings, Acceptable use, and appeals against this measure. A person "
      "decides, who is not the one who took it.\n";
  return text;
}

Status send_statement(store::Transaction& tx, const access::Workspace& workspace, const Measure& measure) {
  return send_notice(tx, workspace.id,
                     "Acceptable use: " + std::string(to_string(measure.kind)) + " for " + workspace.name,
                     statement_of(measure, workspace.name));
}

Status queue_notice(store::Transaction& tx, WorkspaceId workspace, std::string_view recipient, std::string_view subject,
                    std::string_view text) {
  TRY_STATUS(
      tx.execute("insert into policy_notices (id, workspace_id, recipient, subject, body, created_at, next_at, "
                 "attempts, problem) values ($1, $2, $3, $4, $5, $6, $6, 0, '')",
                 {NoticeId::make(tx.clock()), workspace, recipient, subject, text, tx.now()}));
  return {};
}

Status send_notice(store::Transaction& tx, WorkspaceId workspace, std::string_view subject, std::string_view text) {
  TRY(const auto agreement, find_agreement(tx, workspace));
  if (!agreement) return {};
  const auto& to = agreement->notices;
  for (const auto& address : std::set{to.administrator, to.security, to.privacy}) {
    if (address.empty()) continue;
    TRY_STATUS(queue_notice(tx, workspace, address, subject, text));
  }
  return {};
}

Result<std::vector<Notice>> due_notices(store::Session& session, int limit) {
  return session.all(
      "select id, recipient, subject, body, attempts from policy_notices where next_at <= $1 order by next_at, id "
      "limit $2",
      {session.now(), limit}, [](const store::Row& row) {
        return Notice{.id = row.id<NoticeId>(0),
                      .recipient = row.string(1),
                      .subject = row.string(2),
                      .text = row.string(3),
                      .attempts = row.integer(4)};
      });
}

Status record_notice(store::Transaction& tx, const Notice& notice, bool is_sent, std::string_view problem) {
  std::optional<Time> sent_at, next_at;
  if (is_sent) sent_at = tx.now();
  const auto attempts = notice.attempts + 1;
  if (!is_sent && attempts < notice_attempts_max)
    next_at = tx.now() + std::min(wait_ms_max, first_wait_ms << std::min<std::int64_t>(notice.attempts, 10));
  TRY_STATUS(
      tx.execute("update policy_notices set sent_at = $2, next_at = $3, attempts = $4, problem = $5 where id = $1",
                 {notice.id, sent_at, next_at, attempts, one_line(to_valid_utf8(problem), problem_bytes_max)}));
  return {};
}

}  // namespace answerable::policy
