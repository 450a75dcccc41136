#include "access/incident.h"

#include "access/authorize.h"
#include "access/record.h"
#include "base/utf8.h"

#define ANSWERABLE_INCIDENT_COLUMNS                                                                            \
  "id, user_id, opened_at, closed_at, kind, title, aware_at, deadline_at, subjects_decision, subjects_reason " \
  "from incidents "

namespace answerable::access {
namespace {

Incident read_incident(const store::Row& row) {
  return {.id = row.id<IncidentId>(0),
          .kind = row.text(4) == "reported" ? IncidentKind::reported : IncidentKind::exposed_code,
          .user = row.id<UserId>(1),
          .title = row.string(5),
          .opened_at = row.time(2),
          .closed_at = row.maybe_time(3),
          .aware_at = row.maybe_time(6),
          .deadline_at = row.maybe_time(7),
          .subjects_decision = row.string(8),
          .subjects_reason = row.string(9)};
}

Status note_act(store::Transaction& tx, const Actor& by, std::string_view action, IncidentId id) {
  return record(tx, {.workspace = by.workspace,
                     .actor = by.for_ledger(),
                     .action = action,
                     .object_kind = "incident",
                     .object_id = id.text()});
}

}  // namespace

std::string_view to_string(IncidentKind kind) {
  switch (kind) {
    case IncidentKind::exposed_code: return "exposed_code";
    case IncidentKind::reported: return "reported";
  }
  return "exposed_code";
}

Result<IncidentId> open_incident(store::Transaction& tx, WorkspaceId workspace, IncidentKind kind, UserId user,
                                 UserId by) {
  const auto id = IncidentId::make(tx.clock());
  TRY_STATUS(run(tx, "insert into incidents (workspace_id, id, kind, user_id, opened_at) values ($1, $2, $3, $4, $5)",
                 {workspace, id, to_string(kind), user, tx.now()}));
  TRY_STATUS(add_incident_entry(tx, workspace, id, {.at = tx.now(), .what = "opened", .text = {}, .by = by}));
  return id;
}

Status add_incident_entry(store::Transaction& tx, WorkspaceId workspace, IncidentId id, const IncidentEntry& entry) {
  TRY(const auto count,
      tx.number("select count(*) from incident_entries where workspace_id = $1 and incident_id = $2", {workspace, id}));
  if (count >= incident_entries_max)
    return fail(ErrorKind::limited, "too_many_entries", "An incident has at most 1,000 entries.");
  return run(tx,
             "insert into incident_entries (workspace_id, incident_id, seq, at, what, text, by_user) "
             "values ($1, $2, $3, $4, $5, $6, $7)",
             {workspace, id, count, entry.at, entry.what, entry.text, entry.by});
}

Result<IncidentList> incidents(store::Session& session, const Actor& by) {
  TRY_STATUS(authorize(by, "incident", "read"));
  IncidentList list;
  TRY(list.total, session.number("select count(*) from incidents where workspace_id = $1", {by.workspace}));
  TRY(list.items, session.all("select " ANSWERABLE_INCIDENT_COLUMNS
                              "where workspace_id = $1 order by opened_at desc, id desc limit $2",
                              {by.workspace, incidents_listed_max}, read_incident));
  return list;
}

Result<Incident> load_incident(store::Session& session, const Actor& by, IncidentId id) {
  TRY_STATUS(authorize(by, "incident", "read"));
  TRY(auto found, session.find("select " ANSWERABLE_INCIDENT_COLUMNS "where workspace_id = $1 and id = $2",
                               {by.workspace, id}, read_incident));
  if (!found) return fail(ErrorKind::not_found, "incident_unknown", "There is no such incident.");
  return *found;
}

Result<Incident> load_open_incident(store::Session& session, const Actor& by, IncidentId id) {
  TRY(auto incident, load_incident(session, by, id));
  if (incident.closed_at) return fail(ErrorKind::conflict, "incident_closed", "This incident is closed.");
  return incident;
}

Result<IncidentId> report_incident(store::Transaction& tx, const Actor& by, std::string_view title) {
  TRY_STATUS(authorize(by, "incident", "update"));
  if (title.empty() || one_line(title, incident_title_bytes_max) != title)
    return fail(ErrorKind::invalid, "title_invalid", "An incident has a title of one line and at most 200 bytes.");
  TRY(const auto id, open_incident(tx, by.workspace, IncidentKind::reported, UserId{}, by.user));
  TRY_STATUS(run(tx, "update incidents set title = $3 where workspace_id = $1 and id = $2", {by.workspace, id, title}));
  TRY_STATUS(note_act(tx, by, "incident.report", id));
  return id;
}

Result<std::vector<IncidentEntry>> incident_entries(store::Session& session, const Actor& by, IncidentId id) {
  TRY_STATUS(load_incident(session, by, id));
  return session.all(
      "select at, what, text, by_user from incident_entries where workspace_id = $1 and incident_id = $2 order by seq",
      {by.workspace, id}, [](const store::Row& row) {
        return IncidentEntry{.at = row.time(0), .what = row.string(1), .text = row.string(2), .by = row.id<UserId>(3)};
      });
}

Status note_on_incident(store::Transaction& tx, const Actor& by, IncidentId id, std::string_view text) {
  TRY_STATUS(authorize(by, "incident", "update"));
  if (text.empty() || text.size() > incident_text_bytes_max)
    return fail(ErrorKind::invalid, "text_invalid", "A note has 1 to 4,000 bytes.");
  TRY_STATUS(load_open_incident(tx, by, id));
  TRY_STATUS(add_incident_entry(tx, by.workspace, id,
                                {.at = tx.now(), .what = "note", .text = std::string(text), .by = by.user}));
  return note_act(tx, by, "incident.note", id);
}

Status close_incident(store::Transaction& tx, const Actor& by, IncidentId id) {
  TRY_STATUS(authorize(by, "incident", "update"));
  TRY(const auto incident, load_open_incident(tx, by, id));
  if (incident.aware_at && incident.subjects_decision.empty())
    return fail(ErrorKind::conflict, "decision_missing", "First decide whether the people concerned are told.");
  TRY_STATUS(run(tx,
                 "update incident_alarms set told_at = $3 where workspace_id = $1 and incident_id = $2 "
                 "and told_at is null",
                 {by.workspace, id, tx.now()}));
  TRY_STATUS(
      run(tx, "update incidents set closed_at = $3 where workspace_id = $1 and id = $2", {by.workspace, id, tx.now()}));
  TRY_STATUS(add_incident_entry(tx, by.workspace, id, {.at = tx.now(), .what = "closed", .text = {}, .by = by.user}));
  return note_act(tx, by, "incident.close", id);
}

}  // namespace answerable::access
