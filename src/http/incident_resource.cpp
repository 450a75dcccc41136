// /incidents, and the report that opens one: "my code may be known to someone else".
#include "access/incident.h"

#include <charconv>

#include "access/report_exposed.h"
#include "conversations/drafts.h"
#include "http/cookies.h"
#include "http/incident_json.h"
#include "http/reply.h"
#include "http/routes.h"
#include "intake/undo_channel_act.h"
#include "supervision/undo_act.h"

namespace answerable::http {
namespace {

constexpr TextLimits text_limits{.bytes_min = 1, .bytes_max = access::incident_text_bytes_max};
constexpr TextLimits email_limits{.bytes_min = 1, .bytes_max = access::mail_address_bytes_max};
constexpr TextLimits token_limits{.bytes_min = 1, .bytes_max = access::link_token_characters};

Result<net::Response> list(Call& call) {
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto found, access::incidents(session, call.actor));
    TRY(const auto names, load_names(call.api, session, call.actor.workspace));
    JsonWriter out;
    out.begin_object().key("items").begin_array();
    for (const auto& incident : found.items) {
      out.begin_object();
      write_incident(out, incident, names);
      out.end_object();
    }
    out.end_array().member("total", found.total).member("total_is_exact", true);
    out.key("next_cursor").null().end_object();
    return json_response(200, out);
  });
}

Result<net::Response> show_one(Call& call) {
  TRY(const auto id, path_id<access::IncidentId>(call));
  return show_incident(call, id);
}

Result<net::Response> acts(Call& call) {
  TRY(const auto id, path_id<access::IncidentId>(call));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto found, access::exposed_acts(session, call.actor, id));
    JsonWriter out(8192);
    out.begin_object().key("items").begin_array();
    for (const auto& entry : found.entries) {
      TRY(const auto act, audit::decode_entry(entry.encoded));
      out.begin_object().member("seq", entry.seq).member("at", entry.at).member("action", act.action);
      out.member("credential_kind", act.actor.kind).text_or_null("credential", act.actor.credential);
      out.member("object_kind", act.object_kind).text_or_null("object_id", act.object_id);
      out.member("undoable", supervision::is_undoable(act.action)).end_object();
    }
    out.end_array().key("drafts").begin_array();
    TRY(auto drafts, conversations::exposed_drafts(session, call.actor, id));
    const bool has_more = drafts.size() > access::acts_listed_max;
    if (has_more) drafts.pop_back();
    for (const auto& one : drafts) {
      out.begin_object().member("conversation_id", one.conversation).member("kind", one.kind);
      out.member("updated_at", one.updated_at).end_object();
    }
    out.end_array().member("is_complete", found.is_complete && !has_more).end_object();
    return json_response(200, out);
  });
}

Result<net::Response> undo(Call& call) {
  TRY(const auto id, path_id<access::IncidentId>(call));
  const auto text = call.request.path_parameter("seq");
  std::int64_t seq = 0;
  const auto* const end = text.data() + text.size();
  if (const auto read = std::from_chars(text.data(), end, seq); read.ec != std::errc() || read.ptr != end) seq = -1;
  const auto undo_channel = [&](store::Transaction& tx, const audit::Act& act, const auto& fields) {
    return intake::undo_channel_act(tx, call.api.parts.channels, call.actor, act, fields);
  };
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return supervision::undo_act(tx, call.actor, id, seq, undo_channel); }));
  call.api.authenticator.changed();
  call.api.directory.forget(call.actor.workspace);
  return show_incident(call, id);
}

Result<net::Response> add_note(Call& call) {
  TRY(const auto id, path_id<access::IncidentId>(call));
  TRY(auto body, read_body(call));
  const auto text = body.need_text("text", text_limits);
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return access::note_on_incident(tx, call.actor, id, text); }));
  return show_incident(call, id);
}

Result<net::Response> close(Call& call) {
  TRY(const auto id, path_id<access::IncidentId>(call));
  TRY_STATUS(
      call.api.database().write([&](store::Transaction& tx) { return access::close_incident(tx, call.actor, id); }));
  return show_incident(call, id);
}

Status report(Call& call, UserId user) {
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) {
    return access::report_exposed(tx, call.api.config.security_address, call.actor, user);
  }));
  call.api.authenticator.changed();
  return {};
}

Result<net::Response> report_mine(Call& call) {
  if (call.actor.kind != access::Actor::Kind::user)
    return fail(ErrorKind::denied, "not_allowed", "This is for people who signed in, not for API keys.");
  TRY_STATUS(report(call, call.actor.user));
  auto response = no_content();
  clear_session_cookie(response, call.api.config);
  return response;
}

Result<net::Response> report_of(Call& call) {
  TRY(const auto id, path_id<UserId>(call));
  TRY_STATUS(report(call, id));
  return no_content();
}

// The same answer in the same time, whether or not somebody has that address.
Result<net::Response> ask_link(Call& call) {
  TRY(auto body, read_body(call));
  const auto email = body.need_text("email", email_limits);
  TRY_STATUS(finish_body(call, body));
  access::ask_for_report_link(call.api.database(), call.api.config.account_link_key, email);
  return no_content();
}

Result<net::Response> report_by_link(Call& call) {
  TRY(auto body, read_body(call));
  const auto token = body.need_text("token", token_limits);
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) -> Status {
    TRY(const auto link, access::load_account_link(tx, token));
    if (link.purpose != access::LinkPurpose::exposed)
      return fail(ErrorKind::not_found, "link_unknown", "This link is for something else.");
    TRY_STATUS(access::report_exposed_by_link(tx, call.api.config.security_address, link));
    return {};
  }));
  call.api.authenticator.changed();
  return no_content();
}

}  // namespace

void add_incident_routes(net::Router& router, ApiContext& api) {
  add_breach_routes(router, api);
  constexpr auto write = RateClass::write;
  constexpr auto sign_in = RateClass::sign_in;
  const auto nobody = Needs::nobody();
  add_route(router, api, {.method = "GET", .path = "/incidents", .needs = {"incident", "read"}, .act = list});
  add_route(router, api, {.method = "GET", .path = "/incidents/{id}", .needs = {"incident", "read"}, .act = show_one});
  add_route(router, api, {.method = "GET", .path = "/incidents/{id}/acts", .needs = {"incident", "read"}, .act = acts});
  add_route(router, api,
            {.method = "POST",
             .path = "/incidents/{id}/acts/{seq}/undo",
             .needs = {"incident", "update"},
             .act = undo,
             .rate = write});
  add_route(router, api,
            {.method = "POST",
             .path = "/incidents/{id}/notes",
             .needs = {"incident", "update"},
             .act = add_note,
             .rate = write,
             .body = BodyKind::json});
  add_route(router, api,
            {.method = "POST",
             .path = "/incidents/{id}/close",
             .needs = {"incident", "update"},
             .act = close,
             .rate = write});
  add_route(router, api,
            {.method = "POST",
             .path = "/me/exposed",
             .needs = {"me", "report_exposed", Needs::Whose::own},
             .act = report_mine,
             .rate = write});
  add_route(router, api,
            {.method = "POST",
             .path = "/users/{id}/exposed",
             .needs = {"user", "report_exposed"},
             .act = report_of,
             .rate = write});
  add_route(router, api,
            {.method = "POST",
             .path = "/account/exposed",
             .needs = nobody,
             .act = ask_link,
             .rate = sign_in,
             .body = BodyKind::json});
  add_route(router, api,
            {.method = "POST",
             .path = "/account/exposed/confirm",
             .needs = nobody,
             .act = report_by_link,
             .rate = sign_in,
             .body = BodyKind::json});
}

}  // namespace answerable::http
