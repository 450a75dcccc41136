#include "http/evidence.h"

#include <fmt/format.h>

#include "access/breach.h"
#include "access/read_log.h"
#include "access/report_exposed.h"
#include "audit/evidence.h"
#include "audit/ledger.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "conversations/drafts.h"
#include "http/html.h"
#include "http/incident_json.h"
#include "http/ledger_file.h"
#include "http/reading.h"

namespace answerable::http {
namespace {

using Files = std::vector<audit::EvidenceFile>;

constexpr std::int64_t before_ms = 24LL * 3'600'000;

// RFC 4180. A field that a spreadsheet would take for a formula gets an apostrophe.
std::string csv(std::initializer_list<std::string> fields) {
  std::string line;
  for (auto field : fields) {
    if (!field.empty() && std::string_view("=+-@\t\r").contains(field.front())) field.insert(0, "'");
    std::string quoted = "\"";
    for (const char c : field) quoted.append(c == '"' ? 2 : 1, c);
    line.append(line.empty() ? "" : ",").append(quoted).append("\"");
  }
  return line + "\r\n";
}

std::string time_or_empty(const std::optional<Time>& time) { return time ? to_rfc3339(*time) : std::string(); }

std::string affected_csv(const conversations::Affected& affected) {
  auto text = csv({"contact", "name", "address"});
  for (const auto& one : affected.items) text += csv({one.contact.text(), one.name, one.address});
  return text;
}

Result<std::string> read_log_csv(store::Session& session, WorkspaceId workspace,
                                 const conversations::AffectedWish& wish) {
  auto text = csv({"seq", "at", "kind", "actor kind", "actor", "contact", "conversation", "object", "reason"});
  TRY_STATUS(access::each_reading(session, workspace, wish.from, wish.until, [&](const access::StoredReading& one) {
    text += csv({std::to_string(one.seq), to_rfc3339(one.at), std::string(to_string(one.kind)), one.actor_kind,
                 one.actor_id, one.contact.is_nil() ? "" : one.contact.text(),
                 one.conversation.is_nil() ? "" : one.conversation.text(), one.object, one.reason});
  }));
  return text;
}

Result<std::string> acts_csv(store::Session& session, const access::Actor& by, access::IncidentId id) {
  auto text = csv({"entry", "at", "action", "actor kind", "credential", "object kind", "object"});
  TRY(const auto acts, access::exposed_acts(session, by, id));
  for (const auto& entry : acts.entries) {
    TRY(const auto act, audit::decode_entry(entry.encoded));
    text += csv({std::to_string(entry.seq), to_rfc3339(entry.at), std::string(act.action), act.actor.kind,
                 act.actor.credential, std::string(act.object_kind), act.object_id});
  }
  return text;
}

Result<std::string> drafts_csv(store::Session& session, const access::Actor& by, access::IncidentId id) {
  auto text = csv({"written", "kind", "conversation"});
  TRY(const auto drafts, conversations::exposed_drafts(session, by, id));
  for (const auto& one : drafts) text += csv({to_rfc3339(one.updated_at), one.kind, one.conversation.text()});
  return text;
}

Result<Files> files_of(Call& call, store::Session& session, access::IncidentId id) {
  const auto& by = call.actor;
  TRY(const auto incident, access::load_incident(session, by, id));
  TRY(const auto wish, affected_wish(session, by, id));
  TRY(const auto affected, conversations::affected_contacts(session, by, wish));
  Files files;
  TRY(auto body, incident_body(call, session, id));
  files.push_back({.name = "incident.json", .content = std::move(body)});
  TRY(const auto phases, access::notifications(session, by, id));
  for (const auto& one : phases) {
    if (files.size() + 6 >= audit::evidence_files_max) break;  // the rest stands in incident.json
    files.push_back({.name = fmt::format("notification-{}.txt", one.phase),
                     .content = access::notification_text(incident, one, reader_language(call.request))});
  }
  files.push_back({.name = "affected.csv", .content = affected_csv(affected)});
  TRY(auto readings, read_log_csv(session, by.workspace, wish));
  files.push_back({.name = "read-log.csv", .content = std::move(readings)});
  if (!incident.user.is_nil()) {
    TRY(auto acts, acts_csv(session, by, id));
    files.push_back({.name = "acts.csv", .content = std::move(acts)});
    TRY(auto drafts, drafts_csv(session, by, id));
    files.push_back({.name = "drafts.csv", .content = std::move(drafts)});
  }
  return files;
}

// The ledger names the manifest, so that its checkpoint signs the whole.
Status note_taken(Call& call, access::IncidentId id, std::string_view manifest) {
  TRY_STATUS(call.api.reads.note(call.actor, {.kind = access::ReadKind::evidence, .object = id.text()}));
  return call.api.database().write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(access::add_incident_entry(tx, call.actor.workspace, id,
                                          {.at = tx.now(), .what = "evidence", .text = {}, .by = call.actor.user}));
    TRY_STATUS(audit::append_entry(tx, {.workspace = call.actor.workspace,
                                        .actor = call.actor.for_ledger(),
                                        .action = audit::evidence_act,
                                        .object_kind = "incident",
                                        .object_id = id.text(),
                                        .details = {{"sha256", to_hex(as_bytes(sha256(manifest)))}}}));
    return {};
  });
}

}  // namespace

Result<conversations::AffectedWish> affected_wish(store::Session& session, const access::Actor& by,
                                                  access::IncidentId id) {
  TRY(const auto incident, access::load_incident(session, by, id));
  conversations::AffectedWish wish{
      .from = incident.opened_at - before_ms, .until = incident.closed_at.value_or(session.now()), .actors = {}};
  if (incident.user.is_nil()) return wish;
  wish.actors.push_back(incident.user.text());
  TRY(const auto keys, access::keys_made_by(session, by.workspace, incident.user));
  for (const auto& key : keys) wish.actors.push_back(key.text());
  return wish;
}

Result<std::string> register_csv(store::Session& session, const access::Actor& by) {
  TRY(const auto incidents, access::breach_register(session, by));
  auto text = csv({"incident", "what", "known since", "authority to be told until", "authority told", "nature",
                   "effects", "measures", "people concerned", "why", "closed"});
  for (const auto& one : incidents) {
    TRY(const auto phases, access::notifications(session, by, one.id));
    const auto last = phases.empty() ? access::Notification{} : phases.back();
    std::optional<Time> told;
    for (const auto& phase : phases) {
      if (!told) told = phase.sent_at;
    }
    text += csv({one.id.text(), one.title.empty() ? std::string(to_string(one.kind)) : one.title,
                 time_or_empty(one.aware_at), time_or_empty(one.deadline_at), time_or_empty(told), last.nature,
                 last.consequences, last.measures, one.subjects_decision, one.subjects_reason,
                 time_or_empty(one.closed_at)});
  }
  return text;
}

Result<std::shared_ptr<const store::MappedBytes>> evidence_of(Call& call, access::IncidentId id) {
  TRY_STATUS(call.api.database().read([&](store::Session& session) -> Status {
    TRY_STATUS(access::load_incident(session, call.actor, id));
    return {};
  }));
  TRY_STATUS(has_ledger_key(call));
  const audit::EvidenceHead head{.subject = "incident " + id.text() + " of " + call.actor.workspace.text(),
                                 .made_at = call.api.parts.clock.now()};
  write_readings(call);
  TRY(const auto files,
      call.api.database().query([&](store::Session& session) { return files_of(call, session, id); }));
  TRY_STATUS(note_taken(call, id, audit::evidence_manifest(head, files)));
  TRY(const auto ledger, ledger_file(call));
  TRY(auto pack, store::UnnamedFile::make(audit::evidence_bytes_max));
  TRY_STATUS(
      audit::pack_evidence(head, files, ledger->view(), [&](std::string_view piece) { return pack.append(piece); }));
  return pack.finish();
}

}  // namespace answerable::http
