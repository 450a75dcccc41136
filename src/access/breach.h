// An incident that concerns personal data (GDPR articles 33 and 34): the clock until the supervisory authority must be
// told, its alarms, what it is told in phases, and whether the people concerned are told. Deadline, alarms, threshold
// and addressee are data of the workspace; in the nil workspace of the installation.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/incident.h"

namespace answerable::access {

inline constexpr std::int64_t deadline_hours_max = 24 * 30;
inline constexpr std::size_t alarms_max = 10;
inline constexpr std::size_t notification_text_bytes_max = 10'000;
inline constexpr std::int64_t phases_max = 50;

struct BreachRules {
  std::int64_t deadline_hours = 72;                           // since it is known: article 33(1)
  std::vector<std::int64_t> alarm_percents{50, 75, 90, 100};  // of that time; ascending, 1 to 100
  std::int64_t threshold = 1;  // so many people affected, and the screen says that the authority has to be told
  std::string addressee;       // empty: the agreement's address for data protection, else the administrators
};
Result<BreachRules> load_breach_rules(store::Session& session, const Actor& by);
// Errors: denied, invalid "bad_incident_rules".
Status set_breach_rules(store::Transaction& tx, const Actor& by, const BreachRules& rules);

// The agreement's address for data protection; empty: none. Plugged in by the caller: agreements are above this folder.
using PrivacyAddress = std::function<Result<std::string>(store::Session&, WorkspaceId)>;

// Tells the addressee in the same transaction, and starts the clock at `aware_at` (at most 30 days before now, never
// after it). Errors: denied, not_found "incident_unknown", conflict "incident_closed" / "already_declared", invalid
// "bad_time".
Status concern_personal_data(store::Transaction& tx, const Actor& by, IncidentId id, Time aware_at,
                             const PrivacyAddress& privacy_address);

// Of each incident whose clock runs the last alarm that is due and was not told: one letter and one line in the
// timeline, and those before it count as told. Judged by stored times, so neither a restart nor a clock that jumps
// tells one twice or leaves one out.
Result<bool> is_alarm_due(store::Session& session);
Status tell_due_alarms(store::Transaction& tx, const PrivacyAddress& privacy_address);

// What the authority is told: article 33(3), in phases (33(4)).
struct Notification {
  std::int64_t phase = 1;
  std::string nature;         // (a) what happened
  std::string subjects;       // (a) categories and approximate number of people
  std::string records;        // (a) categories and approximate number of records
  std::string contact_point;  // (b)
  std::string consequences;   // (c)
  std::string measures;       // (d)
  std::string delay_reason;   // 33(1): of a first notification after the deadline
  Time written_at;
  UserId written_by;
  std::optional<Time> sent_at;
};
Result<std::vector<Notification>> notifications(store::Session& session, const Actor& by, IncidentId id);
// Changes the draft; when there is none, or the last has been sent, begins the next phase. Errors: denied, not_found,
// conflict "incident_closed" / "no_personal_data", invalid "text_invalid", limited "too_many_phases".
Status write_notification(store::Transaction& tx, const Actor& by, IncidentId id, const Notification& draft);
// The draft was given to the authority: the clock stops. Errors: also conflict "no_draft", invalid "nature_missing" /
// "delay_reason_missing".
Status note_notified(store::Transaction& tx, const Actor& by, IncidentId id);
// As a letter to the authority: "fr" is French, all else English.
std::string notification_text(const Incident& incident, const Notification& notification, std::string_view language);

// Article 34. Errors: denied, not_found, conflict "incident_closed" / "no_personal_data", invalid "decision_invalid" /
// "reason_missing".
Status decide_on_subjects(store::Transaction& tx, const Actor& by, IncidentId id, std::string_view decision,
                          std::string_view reason);

// All incidents that concern personal data, oldest first: the register of article 33(5).
Result<std::vector<Incident>> breach_register(store::Session& session, const Actor& by);

}  // namespace answerable::access
