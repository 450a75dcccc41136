// /me/second-factor, and of which roles the workspace demands one.
#include "access/second_factor.h"

#include "http/reply.h"
#include "http/routes.h"
#include "http/signed_in.h"

namespace answerable::http {
namespace {

constexpr TextLimits code_limits{.bytes_min = 1, .bytes_max = access::second_code_bytes_max};
constexpr TextLimits role_limits{.bytes_min = 1, .bytes_max = 20};
constexpr std::size_t roles_max = 3;

Result<net::Response> show(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(const auto state, call.api.database().query(
                            [&](store::Session& session) { return access::my_second_factor(session, call.actor); }));
  JsonWriter out;
  out.begin_object().member("on", state.is_on).member("passkeys", state.passkeys);
  out.member("recovery_codes_left", state.recovery_codes_left);
  out.member("required", state.is_required).end_object();
  return json_response(200, out);
}

Result<net::Response> begin(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(const auto begun, call.api.database().write([&](store::Transaction& tx) {
    return access::begin_second_factor(tx, call.api.config.second_factor_key, call.actor);
  }));
  JsonWriter out;
  out.begin_object().member("secret", begun.secret).member("uri", begun.uri).end_object();
  return json_response(200, out);
}

net::Response codes_response(const std::vector<std::string>& codes) {
  JsonWriter out;
  out.begin_object().key("recovery_codes").begin_array();
  for (const auto& code : codes) out.text(code);
  out.end_array().end_object();
  return json_response(200, out);
}

Result<net::Response> confirm(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(auto body, read_body(call));
  const auto code = body.need_text("code", code_limits);
  TRY_STATUS(finish_body(call, body));
  const access::SignInAttempt attempt{
      .email_key = call.actor.user.text(), .device = {}, .address_key = call.actor.user.text()};
  call.retry_after_ms = call.api.throttle.admit(attempt);
  if (call.retry_after_ms > 0) return fail(ErrorKind::limited, "too_many_attempts", "Too many attempts. Wait.");
  TRY(const auto codes, call.api.database().write([&](store::Transaction& tx) {
    return access::confirm_second_factor(tx, call.api.config.second_factor_key, call.actor, code);
  }));
  call.api.throttle.forgive(attempt);
  call.api.authenticator.changed();
  return codes_response(codes);
}

Result<net::Response> renew(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(const auto codes,
      call.api.database().write([&](store::Transaction& tx) { return access::renew_recovery_codes(tx, call.actor); }));
  return codes_response(codes);
}

Result<net::Response> remove_from(Call& call, UserId user) {
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return access::remove_second_factor(tx, call.actor, user); }));
  call.api.authenticator.changed();
  return no_content();
}

Result<net::Response> remove_mine(Call& call) {
  TRY_STATUS(require_person(call));
  return remove_from(call, call.actor.user);
}

Result<net::Response> remove_of(Call& call) {
  TRY(const auto id, path_id<UserId>(call));
  return remove_from(call, id);
}

Result<net::Response> show_rule(Call& call) {
  TRY(const auto roles, call.api.database().query(
                            [&](store::Session& session) { return access::second_factor_roles(session, call.actor); }));
  JsonWriter out;
  out.begin_object().key("roles").begin_array();
  for (const auto role : roles) out.text(to_string(role));
  out.end_array().end_object();
  return json_response(200, out);
}

Result<net::Response> set_rule(Call& call) {
  TRY(auto body, read_body(call));
  std::vector<access::Role> roles;
  for (const auto& name : body.texts("roles", role_limits, roles_max).value_or(std::vector<std::string>())) {
    const auto role = access::parse_role(name);
    if (role && *role != access::Role::operator_)
      roles.push_back(*role);
    else
      body.refuse("roles", "not_allowed", "Roles are agent, supervisor and administrator.");
  }
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return access::set_second_factor_roles(tx, call.actor, roles); }));
  call.api.authenticator.changed();
  return show_rule(call);
}

}  // namespace

void add_second_factor_routes(net::Router& router, ApiContext& api) {
  constexpr auto own = Needs::Whose::own;
  constexpr auto write = RateClass::write;
  constexpr std::string_view mine = "/me/second-factor";
  add_route(router, api, {.method = "GET", .path = mine, .needs = {"me", "read_second_factor", own}, .act = show});
  add_route(router, api,
            {.method = "POST", .path = mine, .needs = {"me", "second_factor", own}, .act = begin, .rate = write});
  add_route(
      router, api,
      {.method = "DELETE", .path = mine, .needs = {"me", "second_factor", own}, .act = remove_mine, .rate = write});
  add_route(router, api,
            {.method = "POST",
             .path = "/me/second-factor/confirm",
             .needs = {"me", "second_factor", own},
             .act = confirm,
             .rate = write,
             .body = BodyKind::json});
  add_route(router, api,
            {.method = "POST",
             .path = "/me/recovery-codes",
             .needs = {"me", "second_factor", own},
             .act = renew,
             .rate = write});
  add_route(router, api,
            {.method = "DELETE",
             .path = "/users/{id}/second-factor",
             .needs = {"user", "reset_second_factor"},
             .act = remove_of,
             .rate = write});
  constexpr std::string_view rule = "/second-factor-roles";
  add_route(router, api, {.method = "GET", .path = rule, .needs = {"second_factor_rule", "read"}, .act = show_rule});
  add_route(router, api,
            {.method = "PUT",
             .path = rule,
             .needs = {"second_factor_rule", "update"},
             .act = set_rule,
             .rate = write,
             .body = BodyKind::json});
}

}  // namespace answerable::http
