// The clock of an incident that concerns personal data: its rules, its start, its alarms.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "access/account_mail.h"
#include "access/authorize.h"
#include "access/breach.h"
#include "access/record.h"
#include "access/session.h"
#include "access/user.h"
#include "base/utf8.h"

namespace answerable::access {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t aware_before_days_max = 30;

std::string to_text(const std::vector<std::int64_t>& percents) {
  std::string text;
  for (const auto percent : percents) text += (text.empty() ? "" : ",") + std::to_string(percent);
  return text;
}

std::vector<std::int64_t> parse_percents(std::string_view text) {
  std::vector<std::int64_t> percents;
  while (!text.empty()) {
    std::int64_t percent = 0;
    const auto part = text.substr(0, text.find(','));
    std::from_chars(part.data(), part.data() + part.size(), percent);
    percents.push_back(percent);
    text.remove_prefix(std::min(text.size(), part.size() + 1));
  }
  return percents;
}

bool are_right(const BreachRules& rules) {
  const auto& percents = rules.alarm_percents;
  const bool in_bounds = std::ranges::all_of(percents, [](std::int64_t p) { return p >= 1 && p <= 100; });
  return rules.deadline_hours >= 1 && rules.deadline_hours <= deadline_hours_max && percents.size() <= alarms_max &&
         in_bounds && std::ranges::adjacent_find(percents, std::greater_equal{}) == percents.end() &&
         rules.threshold >= 1 && (rules.addressee.empty() || is_mail_address(rules.addressee));
}

Result<BreachRules> rules_of(store::Session& session, WorkspaceId workspace) {
  TRY(auto found, session.find("select deadline_hours, alarm_percents, threshold, addressee from incident_rules "
                               "where workspace_id = $1",
                               {workspace}, [](const store::Row& row) {
                                 return BreachRules{.deadline_hours = row.integer(0),
                                                    .alarm_percents = parse_percents(row.text(1)),
                                                    .threshold = row.integer(2),
                                                    .addressee = row.string(3)};
                               }));
  return std::move(found).value_or(BreachRules{});
}

struct Addressee {
  std::string email, name, language;
};

Result<std::vector<Addressee>> addressees(store::Session& session, WorkspaceId workspace, const BreachRules& rules,
                                          const PrivacyAddress& privacy_address) {
  auto address = rules.addressee;
  if (address.empty()) {
    TRY(address, privacy_address(session, workspace));
  }
  if (!address.empty()) return std::vector{Addressee{.email = address, .name = "Data protection", .language = "en"}};
  TRY(const auto people, users(session, workspace));
  std::vector<Addressee> list;
  for (const auto& one : people) {
    if (one.is_active && one.role >= Role::administrator)
      list.push_back({.email = one.email, .name = one.name, .language = one.language});
  }
  return list;
}

struct Told {
  WorkspaceId workspace;
  IncidentId incident;
  LetterKind kind = LetterKind::breach;
  std::string about, left;
};

Status tell(store::Transaction& tx, const Told& told, const PrivacyAddress& privacy_address) {
  TRY(const auto rules, rules_of(tx, told.workspace));
  TRY(const auto whom, addressees(tx, told.workspace, rules, privacy_address));
  for (const auto& one : whom)
    TRY_STATUS(queue_account_mail(tx, {.workspace = told.workspace,
                                       .kind = told.kind,
                                       .to = one.email,
                                       .language = one.language,
                                       .name = one.name,
                                       .by = told.left,
                                       .about = told.about,
                                       .link = {}}));
  return add_incident_entry(tx, told.workspace, told.incident,
                            {.at = tx.now(), .what = "told_privacy", .text = std::to_string(whom.size()), .by = {}});
}

std::string hours_until(Time deadline, Time now) {
  return std::to_string(std::max<std::int64_t>(deadline.ms - now.ms, 0) / hour_ms);
}

std::string title_of(const Incident& incident) {
  return incident.title.empty() ? std::string(to_string(incident.kind)) : incident.title;
}

Status set_alarms(store::Transaction& tx, WorkspaceId workspace, IncidentId id, Time aware_at,
                  const BreachRules& rules) {
  for (const auto percent : rules.alarm_percents)
    TRY_STATUS(run(tx,
                   "insert into incident_alarms (workspace_id, incident_id, percent, due_at) values ($1, $2, $3, $4)",
                   {workspace, id, percent, aware_at + rules.deadline_hours * hour_ms / 100 * percent}));
  return {};
}

struct Due {
  WorkspaceId workspace;
  IncidentId incident;
  std::int64_t percent = 0;
  Time deadline_at;
  std::string title;
};

Status tell_alarm(store::Transaction& tx, const Due& due, const PrivacyAddress& privacy_address) {
  TRY_STATUS(run(tx,
                 "update incident_alarms set told_at = $4 where workspace_id = $1 and incident_id = $2 "
                 "and percent <= $3 and told_at is null",
                 {due.workspace, due.incident, due.percent, tx.now()}));
  TRY_STATUS(add_incident_entry(tx, due.workspace, due.incident,
                                {.at = tx.now(), .what = "alarm", .text = std::to_string(due.percent), .by = {}}));
  TRY_STATUS(record(tx, {.workspace = due.workspace,
                         .actor = system_actor(due.workspace).for_ledger(),
                         .action = "incident.alarm",
                         .object_kind = "incident",
                         .object_id = due.incident.text(),
                         .details = {{"percent", std::to_string(due.percent)}}}));
  return tell(tx,
              {.workspace = due.workspace,
               .incident = due.incident,
               .kind = LetterKind::breach_alarm,
               .about = due.title,
               .left = hours_until(due.deadline_at, tx.now())},
              privacy_address);
}

}  // namespace

Result<BreachRules> load_breach_rules(store::Session& session, const Actor& by) {
  TRY_STATUS(authorize(by, "incident_rule", "read"));
  return rules_of(session, by.workspace);
}

Status set_breach_rules(store::Transaction& tx, const Actor& by, const BreachRules& rules) {
  TRY_STATUS(authorize(by, "incident_rule", "update"));
  if (!are_right(rules))
    return fail(ErrorKind::invalid, "bad_incident_rules",
                "1 to 720 hours; up to 10 alarms at 1 to 100 percent, ascending; at least 1 person; a mail address.");
  TRY_STATUS(
      run(tx,
          "insert into incident_rules (workspace_id, deadline_hours, alarm_percents, threshold, addressee) "
          "values ($1, $2, $3, $4, $5) on conflict (workspace_id) do update set deadline_hours = "
          "excluded.deadline_hours, alarm_percents = excluded.alarm_percents, threshold = excluded.threshold, "
          "addressee = excluded.addressee",
          {by.workspace, rules.deadline_hours, to_text(rules.alarm_percents), rules.threshold, rules.addressee}));
  return record(tx, {.workspace = by.workspace,
                     .actor = by.for_ledger(),
                     .action = "incident.set_rules",
                     .object_kind = "workspace",
                     .object_id = by.workspace.text(),
                     .details = {{"deadline_hours", std::to_string(rules.deadline_hours)},
                                 {"alarms", to_text(rules.alarm_percents)},
                                 {"threshold", std::to_string(rules.threshold)}}});
}

Status concern_personal_data(store::Transaction& tx, const Actor& by, IncidentId id, Time aware_at,
                             const PrivacyAddress& privacy_address) {
  TRY_STATUS(authorize(by, "incident", "update"));
  TRY(const auto incident, load_open_incident(tx, by, id));
  if (incident.aware_at)
    return fail(ErrorKind::conflict, "already_declared", "The clock of this incident runs already.");
  if (aware_at > tx.now() || aware_at < tx.now() - aware_before_days_max * day_ms)
    return fail(ErrorKind::invalid, "bad_time", "It became known within the last 30 days.");
  TRY(const auto rules, rules_of(tx, by.workspace));
  const auto deadline = aware_at + rules.deadline_hours * hour_ms;
  TRY_STATUS(run(tx, "update incidents set aware_at = $3, deadline_at = $4 where workspace_id = $1 and id = $2",
                 {by.workspace, id, aware_at, deadline}));
  TRY_STATUS(set_alarms(tx, by.workspace, id, aware_at, rules));
  TRY_STATUS(
      add_incident_entry(tx, by.workspace, id, {.at = tx.now(), .what = "personal_data", .text = {}, .by = by.user}));
  TRY_STATUS(record(tx, {.workspace = by.workspace,
                         .actor = by.for_ledger(),
                         .action = "incident.personal_data",
                         .object_kind = "incident",
                         .object_id = id.text(),
                         .details = {{"deadline_at", std::to_string(deadline.ms)}}}));
  return tell(tx,
              {.workspace = by.workspace,
               .incident = id,
               .kind = LetterKind::breach,
               .about = title_of(incident),
               .left = hours_until(deadline, tx.now())},
              privacy_address);
}

Result<bool> is_alarm_due(store::Session& session) {
  TRY(const auto due, session.number("select count(*) from (select 1 from incident_alarms where told_at is null "
                                     "and due_at <= $1 limit 1) as due",
                                     {session.now()}));
  return due > 0;
}

Status tell_due_alarms(store::Transaction& tx, const PrivacyAddress& privacy_address) {
  // Of a closed incident, and of one whose authority was told, nothing is due any more.
  TRY(const auto due,
      tx.all("select a.workspace_id, a.incident_id, max(a.percent), max(i.deadline_at), max(i.title) "
             "from incident_alarms a join incidents i on i.workspace_id = a.workspace_id and i.id = a.incident_id "
             "where a.told_at is null and a.due_at <= $1 group by a.workspace_id, a.incident_id",
             {tx.now()}, [](const store::Row& row) {
               return Due{.workspace = row.id<WorkspaceId>(0),
                          .incident = row.id<IncidentId>(1),
                          .percent = row.integer(2),
                          .deadline_at = row.time(3),
                          .title = row.string(4)};
             }));
  for (const auto& one : due) TRY_STATUS(tell_alarm(tx, one, privacy_address));
  return {};
}

}  // namespace answerable::access
