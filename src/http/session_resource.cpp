// /session, /me: signing in and out, password and preferences. Sessions as a list: device_resource.cpp.
#include "access/confirm_session.h"
#include "access/password_rules.h"
#include "access/second_factor.h"
#include "http/cookies.h"
#include "http/reply.h"
#include "http/routes.h"
#include "http/signed_in.h"
#include "http/user_json.h"

namespace answerable::http {
namespace {

constexpr TextLimits email_limits{.bytes_min = 1, .bytes_max = access::mail_address_bytes_max};
constexpr TextLimits password_limits{.bytes_min = 1, .bytes_max = access::password_bytes_max};
constexpr TextLimits code_limits{.bytes_min = 0, .bytes_max = access::second_code_bytes_max};
constexpr TextLimits name_limits{.bytes_min = 1, .bytes_max = access::person_name_bytes_max};

Result<net::Response> sign_in(Call& call) {
  TRY(auto body, read_body(call));
  auto request = request_of_browser(call);
  request.email = body.need_text("email", email_limits);
  request.password = body.need_text("password", password_limits);
  request.code = body.text("code", code_limits).value_or("");
  TRY_STATUS(finish_body(call, body));
  call.aimed_at = request.email;
  TRY(const auto signed_in, access::sign_in(sign_in_parts(call.api), request, call.retry_after_ms));
  return signed_in_response(call, signed_in);
}

Result<net::Response> who_am_i(Call& call) {
  TRY_STATUS(require_person(call));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto user, access::find_user(session, call.actor.workspace, call.actor.user));
    if (!user) return fail(ErrorKind::unauthenticated, "not_signed_in", "Sign in first.");
    return session_response(call, session, *user);
  });
}

Result<net::Response> sign_out(Call& call) {
  TRY_STATUS(require_person(call));
  TRY_STATUS(call.api.database().write(
      [&](store::Transaction& tx) { return access::end_session(tx, call.actor, call.actor.session); }));
  call.api.authenticator.changed();
  auto response = no_content();
  clear_session_cookie(response, call.api.config);
  return response;
}

Result<net::Response> sign_out_everywhere(Call& call) {
  TRY_STATUS(require_person(call));
  TRY_STATUS(
      call.api.database().write([&](store::Transaction& tx) { return access::end_all_my_sessions(tx, call.actor); }));
  call.api.authenticator.changed();
  auto response = no_content();
  clear_session_cookie(response, call.api.config);
  return response;
}

Result<net::Response> change_password(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(auto body, read_body(call));
  const auto current = body.need_text("current", password_limits);
  const auto wanted = body.need_text("new", password_limits);
  TRY_STATUS(finish_body(call, body));
  auto& database = call.api.database();
  const access::SignInAttempt attempt{
      .email_key = call.actor.user.text(), .device = {}, .address_key = call.actor.user.text()};
  call.retry_after_ms = call.api.throttle.admit(attempt);
  if (call.retry_after_ms > 0) return fail(ErrorKind::limited, "too_many_attempts", "Too many attempts. Wait.");
  std::optional<access::User> user;
  std::optional<access::Workspace> workspace;
  std::string hash;
  TRY_STATUS(database.read([&](store::Session& session) -> Status {
    TRY(user, access::find_user(session, call.actor.workspace, call.actor.user));
    TRY(workspace, access::find_workspace(session, call.actor.workspace));
    TRY(hash, access::load_password_hash(session, call.actor.workspace, call.actor.user));
    return {};
  }));
  if (!user) return fail(ErrorKind::unauthenticated, "not_signed_in", "Sign in first.");
  if (!access::verify_password(hash, current, call.api.config.password_cost)) {
    call.fields.push_back({"current", "wrong_password", "This is not your password."});
    return fail(ErrorKind::invalid, "wrong_password", "This is not your password.");
  }
  call.api.throttle.forgive(attempt);
  if (wanted == current) {
    call.fields.push_back({"new", "password_unchanged", "Choose another password than the one you have."});
    return fail(ErrorKind::invalid, "password_unchanged", "Choose another password than the one you have.");
  }
  if (auto rules = access::check_password_rules(wanted, {.mail_address = user->email,
                                                         .name = user->name,
                                                         .workspace = workspace ? workspace->name : "",
                                                         .has_second_factor = user->has_second_factor,
                                                         .breached = call.api.config.breached_passwords.get()});
      !rules) {
    call.fields.push_back({"new", rules.error().code, rules.error().detail});
    return std::unexpected(rules.error());
  }
  TRY(const auto new_hash, access::hash_password(wanted, call.api.config.password_cost));
  const access::NewPassword password{.user = user->id,
                                     .hash = new_hash,
                                     .keep_session = call.actor.session,
                                     .needs_second_factor = access::needs_second_factor(wanted)};
  TRY_STATUS(database.write([&](store::Transaction& tx) { return access::set_password(tx, call.actor, password); }));
  call.api.authenticator.changed();
  return no_content();
}

Result<net::Response> confirm(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(auto body, read_body(call));
  const access::Confirmation given{.password = body.need_text("password", password_limits),
                                   .code = body.text("code", code_limits).value_or("")};
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(access::confirm_session(sign_in_parts(call.api), call.actor, given, call.retry_after_ms));
  call.api.authenticator.changed();
  return no_content();
}

Result<net::Response> update_me(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(auto body, read_body(call));
  const access::OwnChange change{.name = body.text("name", name_limits),
                                 .language = body.choice("language", {"en", "fr"}),
                                 .theme = body.choice("theme", {"system", "light", "dark", "contrast"}),
                                 .has_shortcuts = body.flag("shortcuts")};
  TRY_STATUS(finish_body(call, body));
  TRY(const auto user,
      call.api.database().write([&](store::Transaction& tx) { return access::update_me(tx, call.actor, change); }));
  call.api.authenticator.changed();
  call.api.directory.forget(call.actor.workspace);
  JsonWriter out;
  write_user(out, user);
  return json_response(200, out);
}

}  // namespace

void add_session_routes(net::Router& router, ApiContext& api) {
  constexpr auto own = Needs::Whose::own;
  add_route(router, api,
            {.method = "POST",
             .path = "/session",
             .needs = Needs::nobody(),
             .act = sign_in,
             .rate = RateClass::sign_in,
             .body = BodyKind::json,
             .runs = Runs::hashing});
  add_route(router, api, {.method = "GET", .path = "/session", .needs = {"session", "read", own}, .act = who_am_i});
  add_route(router, api,
            {.method = "DELETE",
             .path = "/session",
             .needs = {"session", "end", own},
             .act = sign_out,
             .rate = RateClass::write});
  add_route(router, api,
            {.method = "DELETE",
             .path = "/sessions",
             .needs = {"session", "end", own},
             .act = sign_out_everywhere,
             .rate = RateClass::write});
  add_route(router, api,
            {.method = "POST",
             .path = "/session/confirm",
             .needs = {"session", "confirm", own},
             .act = confirm,
             .rate = RateClass::sign_in,
             .body = BodyKind::json,
             .runs = Runs::hashing});
  add_route(router, api,
            {.method = "POST",
             .path = "/me/password",
             .needs = {"me", "change_password", own},
             .act = change_password,
             .rate = RateClass::write,
             .body = BodyKind::json,
             .runs = Runs::hashing});
  add_route(router, api,
            {.method = "PATCH",
             .path = "/me",
             .needs = {"me", "update", own},
             .act = update_me,
             .rate = RateClass::write,
             .body = BodyKind::json});
}

}  // namespace answerable::http
