#include "policy/statement.h"

#include <algorithm>
#include <set>

#include "access/user.h"
#include "base/utf8.h"
#include "policy/sentences.h"

namespace answerable::policy {
namespace {

constexpr std::int64_t first_wait_ms = 60'000;
constexpr std::int64_t wait_ms_max = 4LL * 3'600'000;
constexpr std::size_t problem_bytes_max = 500;

// What a person reads in: that of the account, or else of who administers the workspace.
Result<std::string> language_of(store::Session& session, WorkspaceId workspace, std::string_view recipient) {
  TRY(const auto account, access::find_user_by_email(session, recipient));
  if (account && account->workspace == workspace) return account->language;
  TRY(const auto people, access::users(session, workspace));
  const auto first = std::ranges::find_if(
      people, [](const auto& one) { return one.is_active && one.role == access::Role::administrator; });
  return first == people.end() ? "en" : first->language;
}

// Clause, facts, automated or by a person, what it affects, how to cure it, how to appeal.
Letter statement_of(const Measure& measure, const std::string& workspace) {
  using namespace sentences;
  const auto kind = measure.kind;
  const Saying effect(statement_effect, {{effect_of(kind), {name_of(measure.scope)}}, sentences::cure_of(kind)});
  return {.subject = {statement_subject, {name_of(kind), workspace}},
          .text = {statement_text,
                   {name_of(kind), workspace, to_rfc3339(measure.taken_at, true), measure.rule(), measure.ladder,
                    std::to_string(measure.count), measure.control, Saying::recorded(measure.facts),
                    measure.is_automated ? statement_by_program : statement_by_person, effect}}};
}

}  // namespace

std::string short_reason(const Measure& measure) {
  return "Clause " + measure.rule() + ": " + std::string(truncate_utf8(measure.facts, 1'000)) + " " +
         std::string(policy::cure_of(measure.kind));
}

Status send_statement(store::Transaction& tx, const access::Workspace& workspace, const Measure& measure) {
  return send_notice(tx, workspace.id, statement_of(measure, workspace.name));
}

Status queue_notice(store::Transaction& tx, WorkspaceId workspace, std::string_view recipient, std::string_view subject,
                    std::string_view text) {
  TRY_STATUS(
      tx.execute("insert into policy_notices (id, workspace_id, recipient, subject, body, created_at, next_at, "
                 "attempts, problem) values ($1, $2, $3, $4, $5, $6, $6, 0, '')",
                 {NoticeId::make(tx.clock()), workspace, recipient, subject, text, tx.now()}));
  return {};
}

Status queue_notice(store::Transaction& tx, WorkspaceId workspace, std::string_view recipient, const Letter& letter) {
  TRY(const auto language, language_of(tx, workspace, recipient));
  return queue_notice(tx, workspace, recipient, letter.subject.in(language), letter.text.in(language));
}

Status send_notice(store::Transaction& tx, WorkspaceId workspace, const Letter& letter) {
  TRY(const auto agreement, find_agreement(tx, workspace));
  if (!agreement) return {};
  const auto& to = agreement->notices;
  for (const auto& address : std::set{to.administrator, to.security, to.privacy}) {
    if (address.empty()) continue;
    TRY_STATUS(queue_notice(tx, workspace, address, letter));
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
