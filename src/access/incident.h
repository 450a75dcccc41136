// Incidents: something happened that people must look into. A kind, whom it concerns, and a timeline to which the
// system and administrators add. Entries are never changed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

using IncidentId = Id<struct IncidentTag>;

enum class IncidentKind : std::uint8_t {
  exposed_code,  // somebody else may know a person's access code
  reported,      // told by hand
};
std::string_view to_string(IncidentKind kind);

inline constexpr std::size_t incident_text_bytes_max = 4'000;
inline constexpr std::size_t incident_title_bytes_max = 200;
inline constexpr std::int64_t incident_entries_max = 1'000;  // of one incident
inline constexpr int incidents_listed_max = 200;             // the newest; the total is told

struct Incident {
  IncidentId id;
  IncidentKind kind = IncidentKind::exposed_code;
  UserId user;        // whom it concerns; nil: nobody in particular
  std::string title;  // of one that was reported by hand
  Time opened_at;
  std::optional<Time> closed_at;
  // Set when personal data is concerned (breach.h): since when that is known, and until when the authority is told.
  std::optional<Time> aware_at, deadline_at;
  std::string subjects_decision, subjects_reason;  // GDPR article 34: "told", "not_needed"; empty: not decided
};

struct IncidentEntry {
  Time at;
  // "opened", "sessions_ended", "keys_revoked", "passkeys_removed", "told", "note", "undone", "closed"; of breach.h:
  // "personal_data", "told_privacy", "alarm", "notification", "subjects_told", "subjects_not_needed", "evidence"
  std::string what;
  std::string text;  // of a note what was written, of what was undone its name; else a number or nothing
  UserId by;         // nil: the system, or somebody who was not signed in
};

// Part of another act, which has the ledger entry; with its first entry.
Result<IncidentId> open_incident(store::Transaction& tx, WorkspaceId workspace, IncidentKind kind, UserId user,
                                 UserId by);
// Part of other acts. Errors: limited "too_many_entries".
Status add_incident_entry(store::Transaction& tx, WorkspaceId workspace, IncidentId id, const IncidentEntry& entry);

struct IncidentList {
  std::vector<Incident> items;  // newest first
  std::int64_t total = 0;
};
// Errors of all: denied, not_found "incident_unknown".
Result<IncidentList> incidents(store::Session& session, const Actor& by);
Result<Incident> load_incident(store::Session& session, const Actor& by, IncidentId id);
Result<std::vector<IncidentEntry>> incident_entries(store::Session& session, const Actor& by, IncidentId id);
// Errors: invalid "text_invalid", conflict "incident_closed".
Status note_on_incident(store::Transaction& tx, const Actor& by, IncidentId id, std::string_view text);
// Also conflict "decision_missing": personal data is concerned, and it is not decided whether people are told.
Status close_incident(store::Transaction& tx, const Actor& by, IncidentId id);
// By hand, with its ledger entry. Errors: denied, invalid "title_invalid".
Result<IncidentId> report_incident(store::Transaction& tx, const Actor& by, std::string_view title);
// Errors as above; conflict "incident_closed".
Result<Incident> load_open_incident(store::Session& session, const Actor& by, IncidentId id);

}  // namespace answerable::access
