#include "http/signed_in.h"

#include "access/roles.h"
#include "access/second_factor.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "http/cookies.h"
#include "http/html.h"
#include "http/policy_json.h"
#include "http/recipients_json.h"
#include "http/reply.h"
#include "http/user_json.h"
#include "net/address.h"

namespace answerable::http {

namespace {

// Seals what the person's browser keeps of what is being written (web/src/state/kept.ts). The same in each session, and
// never stored there: the disk of a browser that nobody is signed in with has nothing to read.
std::string browser_key(const ApiConfig& config, UserId user) {
  return to_base64(as_bytes(hmac_sha256(config.browser_key, user.text())));
}

}  // namespace

Result<net::Response> session_response(const Call& call, store::Session& session, const access::User& user) {
  TRY(const auto workspace, access::find_workspace(session, user.workspace));
  TRY(const auto suspension, policy::find_suspension(session, user.workspace, policy::Scope::sending));
  const auto language = reader_language(call.request);
  JsonWriter out;
  out.begin_object().key("user");
  write_user(out, user);
  out.key("workspace");
  if (workspace) {
    out.begin_object().member("id", workspace->id).member("name", workspace->name).key("suspension");
    suspension ? write_suspension(out, *suspension, language) : static_cast<void>(out.null());
    TRY(const auto all, policy::suspensions(session, user.workspace));
    out.key("suspensions").begin_array();
    for (const auto& one : all) write_suspension(out, one, language);
    out.end_array().key("mail_addresses").begin_array();
    for (const auto& address : own_addresses(call.api, workspace->id)) out.text(address);
    out.end_array().end_object();
  } else {
    out.null();  // the operator belongs to none
  }
  TRY(const auto demanding, access::must_set_second_factor(session, user));
  out.member("must_set_second_factor", demanding);
  TRY(const auto reach, access::reach_of(session, user));
  write_permissions(out, reach.permissions);
  out.member("only_assigned", reach.sees_only_assigned).member("hides_personal", reach.hides_personal);
  out.member("browser_key", browser_key(call.api.config, user.id)).key("csrf").null();
  out.end_object();
  return json_response(200, out);
}

access::SignInParts sign_in_parts(ApiContext& api) {
  return {.database = api.database(),
          .throttle = api.throttle,
          .clock = api.parts.clock,
          .cost = api.config.password_cost,
          .second_factor_key = api.config.second_factor_key};
}

access::SignInRequest request_of_browser(const Call& call) {
  const auto& request = call.request;
  return {.email = {},
          .password = {},
          .device_token = device_token(request, call.api.config),
          .user_agent = std::string(request.header("User-Agent").value_or("")),
          .address = request.peer_address,
          .address_key = net::network_key(request.peer_address),
          .replaces_token = session_token(request, call.api.config)};
}

void set_signed_in_cookies(net::Response& response, const access::SignedIn& signed_in, const ApiConfig& config) {
  set_session_cookie(response, signed_in.session.token, config);
  set_device_cookie(response, signed_in.device_token, config);
}

Result<net::Response> signed_in_response(Call& call, const access::SignedIn& signed_in) {
  call.api.authenticator.changed();  // the session that the browser had may have ended
  TRY(auto response, call.api.database().query(
                         [&](store::Session& session) { return session_response(call, session, signed_in.user); }));
  set_signed_in_cookies(response, signed_in, call.api.config);
  return response;
}

Status require_person(const Call& call) {
  if (call.actor.kind == access::Actor::Kind::user) return {};
  return fail(ErrorKind::denied, "not_allowed", "This is for people who signed in, not for API keys.");
}

}  // namespace answerable::http
