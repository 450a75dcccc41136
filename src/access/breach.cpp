#include "access/breach.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/authorize.h"
#include "access/record.h"
#include "base/clock.h"

namespace answerable::access {
namespace {

Result<Incident> load_breach(store::Session& session, const Actor& by, IncidentId id) {
  TRY(auto incident, load_open_incident(session, by, id));
  if (!incident.aware_at)
    return fail(ErrorKind::conflict, "no_personal_data", "First say that this incident concerns personal data.");
  return incident;
}

Result<std::vector<Notification>> phases_of(store::Session& session, WorkspaceId workspace, IncidentId id) {
  return session.all(
      "select phase, nature, subjects, records, contact_point, consequences, measures, delay_reason, written_at, "
      "written_by, sent_at from incident_notifications where workspace_id = $1 and incident_id = $2 order by phase",
      {workspace, id}, [](const store::Row& row) {
        return Notification{.phase = row.integer(0),
                            .nature = row.string(1),
                            .subjects = row.string(2),
                            .records = row.string(3),
                            .contact_point = row.string(4),
                            .consequences = row.string(5),
                            .measures = row.string(6),
                            .delay_reason = row.string(7),
                            .written_at = row.time(8),
                            .written_by = row.id<UserId>(9),
                            .sent_at = row.maybe_time(10)};
      });
}

Status check_texts(const Notification& draft) {
  for (const auto* text : {&draft.nature, &draft.subjects, &draft.records, &draft.contact_point, &draft.consequences,
                           &draft.measures, &draft.delay_reason}) {
    if (text->size() > notification_text_bytes_max)
      return fail(ErrorKind::invalid, "text_invalid", "Each part of a notification has at most 10,000 bytes.");
  }
  return {};
}

Status note_act(store::Transaction& tx, const Actor& by, std::string_view action, IncidentId id,
                std::vector<std::pair<std::string, std::string>> details = {}) {
  return record(tx, {.workspace = by.workspace,
                     .actor = by.for_ledger(),
                     .action = action,
                     .object_kind = "incident",
                     .object_id = id.text(),
                     .details = std::move(details)});
}

// What article 33(3) asks for, as the authority reads it.
struct NotificationWords {
  std::string_view title, became_known, nature, subjects, records, contact_point, consequences, measures, delay_reason,
      not_known;
};
constexpr NotificationWords english{
    .title = "Notification of a personal data breach (GDPR article 33), part",
    .became_known = "Became known (UTC)",
    .nature = "(a) Nature of the breach",
    .subjects = "(a) Categories and approximate number of people concerned",
    .records = "(a) Categories and approximate number of records concerned",
    .contact_point = "(b) Data-protection officer or other contact point",
    .consequences = "(c) Likely consequences",
    .measures = "(d) Measures taken or proposed",
    .delay_reason = "Reasons for the delay",
    .not_known = "Not known yet; it follows (article 33(4)).",
};
constexpr NotificationWords french{
    .title = "Notification d’une violation de données à caractère personnel (RGPD, article 33), partie",
    .became_known = "Prise de connaissance (UTC)",
    .nature = "(a) Nature de la violation",
    .subjects = "(a) Catégories et nombre approximatif de personnes concernées",
    .records = "(a) Catégories et nombre approximatif d’enregistrements concernés",
    .contact_point = "(b) Délégué à la protection des données ou autre point de contact",
    .consequences = "(c) Conséquences probables",
    .measures = "(d) Mesures prises ou envisagées",
    .delay_reason = "Motifs du retard",
    .not_known = "Pas encore connu ; sera communiqué (article 33, paragraphe 4).",
};

}  // namespace

Result<std::vector<Notification>> notifications(store::Session& session, const Actor& by, IncidentId id) {
  TRY_STATUS(load_incident(session, by, id));
  return phases_of(session, by.workspace, id);
}

Status write_notification(store::Transaction& tx, const Actor& by, IncidentId id, const Notification& draft) {
  TRY_STATUS(authorize(by, "incident", "update"));
  TRY_STATUS(check_texts(draft));
  TRY_STATUS(load_breach(tx, by, id));
  TRY(const auto phases, phases_of(tx, by.workspace, id));
  const bool continues = !phases.empty() && !phases.back().sent_at;
  const auto phase = continues ? phases.back().phase : static_cast<std::int64_t>(phases.size()) + 1;
  if (phase > phases_max) return fail(ErrorKind::limited, "too_many_phases", "A notification has at most 50 phases.");
  TRY_STATUS(run(tx,
                 "insert into incident_notifications (workspace_id, incident_id, phase, nature, subjects, records, "
                 "contact_point, consequences, measures, delay_reason, written_at, written_by) "
                 "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                 "on conflict (workspace_id, incident_id, phase) do update set nature = excluded.nature, "
                 "subjects = excluded.subjects, records = excluded.records, contact_point = excluded.contact_point, "
                 "consequences = excluded.consequences, measures = excluded.measures, "
                 "delay_reason = excluded.delay_reason, written_at = excluded.written_at, "
                 "written_by = excluded.written_by",
                 {by.workspace, id, phase, draft.nature, draft.subjects, draft.records, draft.contact_point,
                  draft.consequences, draft.measures, draft.delay_reason, tx.now(), by.user}));
  return note_act(tx, by, "incident.write_notification", id, {{"phase", std::to_string(phase)}});
}

Status note_notified(store::Transaction& tx, const Actor& by, IncidentId id) {
  TRY_STATUS(authorize(by, "incident", "update"));
  TRY(const auto incident, load_breach(tx, by, id));
  TRY(const auto phases, phases_of(tx, by.workspace, id));
  if (phases.empty() || phases.back().sent_at)
    return fail(ErrorKind::conflict, "no_draft", "There is no notification that is not sent yet.");
  const auto& draft = phases.back();
  if (draft.nature.empty())
    return fail(ErrorKind::invalid, "nature_missing", "A notification says what happened: article 33(3)(a).");
  if (draft.phase == 1 && tx.now() > *incident.deadline_at && draft.delay_reason.empty())
    return fail(ErrorKind::invalid, "delay_reason_missing",
                "After the deadline a notification says why it is late: article 33(1).");
  TRY_STATUS(run(tx,
                 "update incident_notifications set sent_at = $4 where workspace_id = $1 and incident_id = $2 "
                 "and phase = $3",
                 {by.workspace, id, draft.phase, tx.now()}));
  TRY_STATUS(run(tx,
                 "update incident_alarms set told_at = $3 where workspace_id = $1 and incident_id = $2 "
                 "and told_at is null",
                 {by.workspace, id, tx.now()}));
  TRY_STATUS(
      add_incident_entry(tx, by.workspace, id,
                         {.at = tx.now(), .what = "notification", .text = std::to_string(draft.phase), .by = by.user}));
  return note_act(tx, by, "incident.notify", id, {{"phase", std::to_string(draft.phase)}});
}

std::string notification_text(const Incident& incident, const Notification& notification, std::string_view language) {
  const auto& words = language == "fr" ? french : english;
  const auto part = [&](std::string_view title, std::string_view text) {
    return fmt::format("{}\n{}\n\n", title, text.empty() ? words.not_known : text);
  };
  auto text = fmt::format("{} {}\n\n", words.title, notification.phase);
  text += part(words.became_known, incident.aware_at ? to_rfc3339(*incident.aware_at) : std::string());
  text += part(words.nature, notification.nature);
  text += part(words.subjects, notification.subjects);
  text += part(words.records, notification.records);
  text += part(words.contact_point, notification.contact_point);
  text += part(words.consequences, notification.consequences);
  text += part(words.measures, notification.measures);
  if (!notification.delay_reason.empty()) text += part(words.delay_reason, notification.delay_reason);
  return text;
}

Status decide_on_subjects(store::Transaction& tx, const Actor& by, IncidentId id, std::string_view decision,
                          std::string_view reason) {
  TRY_STATUS(authorize(by, "incident", "update"));
  TRY_STATUS(load_breach(tx, by, id));
  if (decision != "told" && decision != "not_needed")
    return fail(ErrorKind::invalid, "decision_invalid", "The decision is told or not_needed.");
  if (reason.empty() || reason.size() > incident_text_bytes_max)
    return fail(ErrorKind::invalid, "reason_missing", "A decision has a reason of 1 to 4,000 bytes.");
  TRY_STATUS(run(tx,
                 "update incidents set subjects_decision = $3, subjects_reason = $4 where workspace_id = $1 "
                 "and id = $2",
                 {by.workspace, id, decision, reason}));
  const auto what = "subjects_" + std::string(decision);
  TRY_STATUS(add_incident_entry(tx, by.workspace, id,
                                {.at = tx.now(), .what = what, .text = std::string(reason), .by = by.user}));
  return note_act(tx, by, "incident.decide_subjects", id, {{"decision", std::string(decision)}});
}

Result<std::vector<Incident>> breach_register(store::Session& session, const Actor& by) {
  TRY_STATUS(authorize(by, "incident", "export"));
  TRY(auto ids, session.all("select id from incidents where workspace_id = $1 and aware_at is not null "
                            "order by aware_at, id",
                            {by.workspace}, [](const store::Row& row) { return row.id<IncidentId>(0); }));
  std::vector<Incident> list;
  for (const auto& id : ids) {
    TRY(auto incident, load_incident(session, by, id));
    list.push_back(std::move(incident));
  }
  return list;
}

}  // namespace answerable::access
