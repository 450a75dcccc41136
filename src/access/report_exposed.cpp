#include "access/report_exposed.h"

#include <algorithm>
#include <unordered_set>

#include "access/account_mail.h"
#include "access/api_key.h"
#include "access/authorize.h"
#include "access/ended.h"
#include "access/record.h"
#include "access/second_factor.h"
#include "access/session.h"
#include "access/workspace.h"
#include "base/log.h"

namespace answerable::access {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t report_links_per_hour_max = 3;

struct Report {
  User user;
  audit::Actor by;
  UserId by_user;  // nil: not signed in
  std::string by_name;
};

// The password says no to everything from now on; sessions, devices, keys and links are gone.
Status end_all(store::Transaction& tx, const Report& report, IncidentId incident) {
  const auto& user = report.user;
  const auto add = [&](std::string what, std::int64_t count) {
    return add_incident_entry(tx, user.workspace, incident,
                              {.at = tx.now(), .what = std::move(what), .text = std::to_string(count), .by = {}});
  };
  TRY(const auto sessions,
      tx.number("select count(*) from sessions where workspace_id = $1 and user_id = $2", {user.workspace, user.id}));
  TRY(const auto keys, end_keys_of(tx, user.workspace, user.id));
  TRY(const auto passkeys,
      tx.execute("delete from passkeys where workspace_id = $1 and user_id = $2", {user.workspace, user.id}));
  if (passkeys > 0) TRY_STATUS(count_second_factors(tx, user.workspace, user.id));
  TRY_STATUS(replace_password(tx, user, {.user = user.id, .hash = {}, .keep_session = std::nullopt}));
  TRY_STATUS(add("sessions_ended", sessions));
  TRY_STATUS(add("keys_revoked", keys));
  if (passkeys > 0) TRY_STATUS(add("passkeys_removed", passkeys));
  return note_ended(tx);
}

Status tell(store::Transaction& tx, const Report& report, const User& whom, LetterKind kind) {
  return queue_account_mail(tx, {.workspace = whom.workspace,
                                 .kind = kind,
                                 .to = whom.email,
                                 .language = whom.language,
                                 .name = whom.name,
                                 .by = report.by_name,
                                 .about = report.user.name,
                                 .link = {}});
}

// The person, those who look after the workspace, and the operator.
Status tell_all(store::Transaction& tx, const Report& report, std::string_view security_address, IncidentId incident) {
  TRY_STATUS(tell(tx, report, report.user, LetterKind::exposed_own));
  std::int64_t told = 1;
  TRY(const auto people, users(tx, report.user.workspace));
  TRY(auto operators, users(tx, WorkspaceId{}));
  if (!security_address.empty()) {
    User security{.name = "Security", .email = std::string(security_address), .language = "en", .theme = {}};
    operators.assign(1, security);
  }
  std::vector<User> others(operators);
  std::ranges::copy_if(people, std::back_inserter(others),
                       [](const User& one) { return one.role == Role::administrator; });
  for (const auto& one : others) {
    if (!one.is_active || one.id == report.user.id) continue;
    TRY_STATUS(tell(tx, report, one, LetterKind::exposed_other));
    ++told;
  }
  return add_incident_entry(tx, report.user.workspace, incident,
                            {.at = tx.now(), .what = "told", .text = std::to_string(told), .by = {}});
}

Result<IncidentId> act_on(store::Transaction& tx, const Report& report, std::string_view security_address) {
  const auto& user = report.user;
  TRY(const auto incident, open_incident(tx, user.workspace, IncidentKind::exposed_code, user.id, report.by_user));
  TRY_STATUS(end_all(tx, report, incident));
  TRY_STATUS(tell_all(tx, report, security_address, incident));
  TRY_STATUS(record(tx, {.workspace = user.workspace,
                         .actor = report.by,
                         .action = "user.report_exposed",
                         .object_kind = "user",
                         .object_id = user.id.text(),
                         .details = {{"incident", incident.text()}}}));
  return incident;
}

Status send_link(store::Transaction& tx, std::string_view link_key, const std::string& email) {
  TRY(const auto user, find_user_by_email(tx, email));
  if (!user || !user->is_active) return {};
  TRY(const auto given, links_since(tx, *user, LinkPurpose::exposed, tx.now() - hour_ms));
  if (given >= report_links_per_hour_max) return {};
  TRY(const auto link, make_account_link(tx, link_key, *user, LinkPurpose::exposed));
  return queue_account_mail(tx, {.workspace = user->workspace,
                                 .kind = LetterKind::exposed_link,
                                 .to = user->email,
                                 .language = user->language,
                                 .name = user->name,
                                 .link = link.id,
                                 .expires_at = link.expires_at});
}

// The first entry of at least that time. Entries are in order of time, but for a clock that was set back: then somewhat
// more or less is looked through.
Result<std::int64_t> first_since(store::Session& session, WorkspaceId workspace, Time since) {
  TRY(auto high, audit::entry_count(session, workspace));
  std::int64_t low = 0;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    TRY(const auto found, audit::entries(session, workspace, middle, 1));
    if (!found.empty() && found.front().at < since)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

Result<std::unordered_set<std::string>> actors_of(store::Session& session, const Incident& incident,
                                                  WorkspaceId workspace) {
  std::unordered_set<std::string> ids{incident.user.text()};
  TRY(const auto keys, keys_made_by(session, workspace, incident.user));
  for (const auto& key : keys) ids.insert(key.text());
  return ids;
}

}  // namespace

Result<IncidentId> report_exposed(store::Transaction& tx, std::string_view security_address, const Actor& by,
                                  UserId id) {
  const bool is_own = by.kind == Actor::Kind::user && by.user == id;
  TRY_STATUS(is_own ? authorize(by, "me", "report_exposed", true) : authorize(by, "user", "report_exposed"));
  TRY(const auto user, find_user(tx, by.workspace, id));
  if (!user) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  return act_on(tx, {.user = *user, .by = by.for_ledger(), .by_user = by.user, .by_name = by.name}, security_address);
}

Result<IncidentId> report_exposed_by_link(store::Transaction& tx, std::string_view security_address,
                                          const AccountLink& link) {
  TRY_STATUS(use_account_link(tx, link));
  const auto& user = link.user;
  const audit::Actor by{
      .kind = user.workspace.is_nil() ? "operator" : "user", .id = user.id.text(), .credential = link.id.text()};
  return act_on(tx, {.user = user, .by = by, .by_user = user.id, .by_name = user.name}, security_address);
}

void ask_for_report_link(store::Database& database, std::string_view link_key, std::string_view email) {
  auto job = [key = std::string(link_key), email = std::string(email)](store::Transaction& tx) {
    return send_link(tx, key, email);
  };
  database.submit(std::move(job), [](const Status& status) {
    if (!status) log::error("report_link_failed", status.error());
  });
}

Result<std::vector<ApiKeyId>> keys_made_by(store::Session& session, WorkspaceId workspace, UserId user) {
  return session.all(
      "select id from api_keys where workspace_id = $1 and created_by = $2 union all "
      "select id from scim_tokens where workspace_id = $1 and maker_id = $2 union all "
      "select id from scim_tokens_ended where workspace_id = $1 and maker_id = $2",
      {workspace, user}, [](const store::Row& row) { return row.id<ApiKeyId>(0); });
}

Result<bool> was_exposed(store::Session& session, WorkspaceId workspace, UserId user, Time at) {
  TRY(const auto reports,
      session.number(
          "select count(*) from incidents where workspace_id = $1 and user_id = $2 and kind = 'exposed_code' "
          "and opened_at >= $3 and opened_at <= $4",
          {workspace, user, at, at + looked_back_ms}));
  return reports > 0;
}

Result<ExposedActs> exposed_acts(store::Session& session, const Actor& by, IncidentId id) {
  TRY(const auto incident, load_incident(session, by, id));
  TRY(const auto ids, actors_of(session, incident, by.workspace));
  TRY(auto next, first_since(session, by.workspace, incident.opened_at - looked_back_ms));
  ExposedActs acts;
  const auto end = next + acts_read_max;
  while (true) {
    TRY(const auto page, audit::entries(session, by.workspace, next, audit::entries_max));
    if (page.empty()) break;
    for (const auto& entry : page) {
      TRY(const auto act, audit::decode_entry(entry.encoded));
      if (ids.contains(act.actor.id)) acts.entries.push_back(entry);
    }
    next = page.back().seq + 1;
    if (next < end) continue;
    acts.is_complete = false;
    break;
  }
  std::ranges::reverse(acts.entries);
  if (acts.entries.size() > acts_listed_max) {
    acts.entries.resize(acts_listed_max);
    acts.is_complete = false;
  }
  return acts;
}

Result<audit::Entry> load_exposed_act(store::Session& session, const Actor& by, const Incident& incident,
                                      std::int64_t seq) {
  TRY_STATUS(authorize(by, "incident", "read"));
  TRY(const auto ids, actors_of(session, incident, by.workspace));
  TRY(auto found, audit::entries(session, by.workspace, std::max<std::int64_t>(seq, 0), 1));
  const bool is_there =
      !found.empty() && found.front().seq == seq && found.front().at >= incident.opened_at - looked_back_ms;
  if (is_there) {
    TRY(const auto act, audit::decode_entry(found.front().encoded));
    if (ids.contains(act.actor.id)) return std::move(found.front());
  }
  return fail(ErrorKind::not_found, "act_unknown", "There is no such act in this incident.");
}

}  // namespace answerable::access
