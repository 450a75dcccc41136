#include "policy/statement.h"

#include <algorithm>
#include <set>

#include "access/user.h"
#include "base/utf8.h"
#include "policy/sentences.h"

namespace answerable::policy {

const Sentence& cure_of(const Measure& measure) {
  if (measure.is_take_down()) return sentences::statement_put_back;
  return measure.is_kill_switch() ? sentences::statement_order_lifted : sentences::cure_of(measure.kind);
}

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

// The addresses of the agreement, each once, or those of who administers the workspace.
Result<std::set<std::string>> whom_to_tell(store::Session& session, WorkspaceId workspace) {
  std::set<std::string> addresses;
  TRY(const auto agreement, find_agreement(session, workspace));
  if (agreement)
    addresses = {agreement->notices.administrator, agreement->notices.security, agreement->notices.privacy};
  addresses.erase("");
  if (!addresses.empty()) return addresses;
  TRY(const auto people, access::users(session, workspace));
  for (const auto& one : people) {
    if (one.is_active && one.role == access::Role::administrator) addresses.insert(one.email);
  }
  return addresses;
}

const Sentence& who_decided(const Measure& measure) {
  if (measure.is_automated) return sentences::statement_by_program;
  if (measure.is_take_down()) return sentences::statement_by_operator;
  return measure.is_kill_switch() ? sentences::statement_by_two : sentences::statement_by_person;
}

Saying facts_of(const Measure& measure) {
  auto facts = Saying::recorded(measure.facts);
  if (measure.object_id.empty()) return facts;
  return {sentences::statement_about, {std::move(facts), measure.object_kind, measure.object_id}};
}

Saying effect_of(const Measure& measure) {
  if (measure.is_take_down()) return sentences::statement_taken_down;
  return {sentences::effect_of(measure.kind), {sentences::name_of(measure.scope)}};
}

// Clause, facts, automated or by a person, what it affects, how to cure it, how to appeal.
Letter statement_of(const Measure& measure, const std::string& workspace) {
  using namespace sentences;
  const auto& kind = name_of(measure.kind);
  const auto rule =
      measure.ladder.empty()
          ? Saying::recorded(measure.rule())
          : Saying(statement_rule, {Saying::recorded(measure.rule()), measure.ladder, std::to_string(measure.count)});
  return {.subject = {statement_subject, {kind, workspace}},
          .text = {statement_text,
                   {kind,
                    workspace,
                    to_rfc3339(measure.taken_at, true),
                    rule,
                    measure.control,
                    facts_of(measure),
                    who_decided(measure),
                    {statement_effect, {policy::effect_of(measure), policy::cure_of(measure)}}}}};
}

}  // namespace

std::string short_reason(const Measure& measure) {
  return "Clause " + measure.rule() + ": " + std::string(truncate_utf8(measure.facts, 1'000)) + " " +
         std::string(cure_of(measure).english);
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
  TRY(const auto addresses, whom_to_tell(tx, workspace));
  for (const auto& address : addresses) TRY_STATUS(queue_notice(tx, workspace, address, letter));
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
