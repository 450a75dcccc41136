#include "http/incident_json.h"

#include "access/breach.h"
#include "http/html.h"
#include "http/reply.h"

namespace answerable::http {
namespace {

void write_notification(JsonWriter& out, const access::Incident& incident, const access::Notification& one,
                        const Names& names, std::string_view language) {
  out.begin_object().member("phase", one.phase).member("nature", one.nature).member("subjects", one.subjects);
  out.member("records", one.records).member("contact_point", one.contact_point);
  out.member("consequences", one.consequences).member("measures", one.measures);
  out.member("delay_reason", one.delay_reason).member("written_at", one.written_at);
  out.text_or_null("written_by_name", names.people->find(one.written_by)).member("sent_at", one.sent_at);
  out.member("text", access::notification_text(incident, one, language)).end_object();
}

void write_timeline(JsonWriter& out, const std::vector<access::IncidentEntry>& entries, const Names& names) {
  out.key("timeline").begin_array();
  for (const auto& entry : entries) {
    out.begin_object().member("at", entry.at).member("what", entry.what).member("text", entry.text);
    out.text_or_null("by_name", names.people->find(entry.by)).end_object();
  }
  out.end_array();
}

}  // namespace

void write_incident(JsonWriter& out, const access::Incident& incident, const Names& names) {
  out.member("id", incident.id).member("kind", to_string(incident.kind)).text_or_null("title", incident.title);
  out.id_or_null("user_id", incident.user).text_or_null("user_name", names.people->find(incident.user));
  out.member("opened_at", incident.opened_at).member("closed_at", incident.closed_at);
  out.member("aware_at", incident.aware_at).member("deadline_at", incident.deadline_at);
  out.text_or_null("subjects_decision", incident.subjects_decision);
  out.text_or_null("subjects_reason", incident.subjects_reason);
}

Result<std::string> incident_body(Call& call, store::Session& session, access::IncidentId id) {
  TRY(const auto incident, access::load_incident(session, call.actor, id));
  TRY(const auto entries, access::incident_entries(session, call.actor, id));
  TRY(const auto phases, access::notifications(session, call.actor, id));
  TRY(const auto names, load_names(call.api, session, call.actor.workspace));
  JsonWriter out(8'192);
  out.begin_object();
  write_incident(out, incident, names);
  write_timeline(out, entries, names);
  out.key("notifications").begin_array();
  for (const auto& one : phases) write_notification(out, incident, one, names, reader_language(call.request));
  out.end_array().end_object();
  return out.take();
}

Result<net::Response> show_incident(Call& call, access::IncidentId id, int status) {
  TRY(auto body, call.api.database().query([&](store::Session& session) { return incident_body(call, session, id); }));
  return json_response(status, std::move(body));
}

}  // namespace answerable::http
