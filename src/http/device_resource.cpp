// /sessions and /devices: where somebody is signed in, on which devices they have been, and how that ends. One's own,
// and for administrators those of their people (/users/{id}/…).
#include "access/known_device.h"
#include "http/cookies.h"
#include "http/reply.h"
#include "http/routes.h"
#include "http/signed_in.h"
#include "http/user_json.h"

namespace answerable::http {
namespace {

net::Response page(JsonWriter& out, std::size_t total) {
  out.end_array().member("total", static_cast<std::int64_t>(total)).member("total_is_exact", true);
  out.key("next_cursor").null().end_object();
  return json_response(200, out);
}

Result<net::Response> sessions_response(Call& call, UserId whose) {
  TRY(const auto sessions, call.api.database().query([&](store::Session& session) {
    return access::sessions_of(session, call.actor, whose);
  }));
  JsonWriter out;
  out.begin_object().key("items").begin_array();
  for (const auto& session : sessions) write_session(out, session, session.id == call.actor.session);
  return page(out, sessions.size());
}

// The device of the browser that asks is told from the others by its cookie.
Result<net::Response> devices_response(Call& call, UserId whose) {
  TRY(const auto devices, call.api.database().query([&](store::Session& session) {
    return access::known_devices(session, call.actor, whose);
  }));
  const auto hash = access::device_hash(device_token(call.request, call.api.config));
  const auto current = access::DeviceId::from_bytes(std::string_view(hash).substr(0, sizeof(access::DeviceId)));
  JsonWriter out;
  out.begin_object().key("items").begin_array();
  for (const auto& device : devices) write_device(out, device, device.id == current);
  return page(out, devices.size());
}

Result<net::Response> my_sessions(Call& call) {
  TRY_STATUS(require_person(call));
  return sessions_response(call, call.actor.user);
}

Result<net::Response> my_devices(Call& call) {
  TRY_STATUS(require_person(call));
  return devices_response(call, call.actor.user);
}

Result<net::Response> sessions_of(Call& call) {
  TRY(const auto whose, path_id<UserId>(call));
  return sessions_response(call, whose);
}

Result<net::Response> devices_of(Call& call) {
  TRY(const auto whose, path_id<UserId>(call));
  return devices_response(call, whose);
}

Result<net::Response> end_session(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(const auto id, path_id<SessionId>(call));
  TRY_STATUS(
      call.api.database().write([&](store::Transaction& tx) { return access::end_session(tx, call.actor, id); }));
  call.api.authenticator.changed();
  return no_content();
}

Result<net::Response> forget_device(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(const auto id, path_id<access::DeviceId>(call));
  TRY_STATUS(
      call.api.database().write([&](store::Transaction& tx) { return access::forget_device(tx, call.actor, id); }));
  call.api.authenticator.changed();
  return no_content();
}

Result<net::Response> end_sessions_of(Call& call) {
  TRY(const auto whose, path_id<UserId>(call));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return access::end_sessions_of(tx, call.actor, whose); }));
  call.api.authenticator.changed();
  return no_content();
}

}  // namespace

void add_device_routes(net::Router& router, ApiContext& api) {
  constexpr auto own = Needs::Whose::own;
  constexpr auto write = RateClass::write;
  const auto add = [&](ApiRoute route) { add_route(router, api, std::move(route)); };
  add({.method = "GET", .path = "/sessions", .needs = {"session", "read", own}, .act = my_sessions});
  add({.method = "GET", .path = "/devices", .needs = {"session", "read", own}, .act = my_devices});
  add({.method = "DELETE",
       .path = "/sessions/{id}",
       .needs = {"session", "end", own},
       .act = end_session,
       .rate = write});
  add({.method = "DELETE",
       .path = "/devices/{id}",
       .needs = {"session", "end", own},
       .act = forget_device,
       .rate = write});
  add({.method = "GET", .path = "/users/{id}/sessions", .needs = {"user", "read_sessions"}, .act = sessions_of});
  add({.method = "GET", .path = "/users/{id}/devices", .needs = {"user", "read_sessions"}, .act = devices_of});
  add({.method = "DELETE",
       .path = "/users/{id}/sessions",
       .needs = {"user", "end_sessions"},
       .act = end_sessions_of,
       .rate = write});
}

}  // namespace answerable::http
