// /session/passkey, /me/passkeys: signing in and showing again who it is by passkey, and one's own passkeys.
#include "access/passkey.h"

#include "access/challenge.h"
#include "base/encoding.h"
#include "http/passkey_json.h"
#include "http/reply.h"
#include "http/routes.h"
#include "http/signed_in.h"

namespace answerable::http {
namespace {

constexpr TextLimits name_limits{.bytes_min = 1, .bytes_max = access::passkey_name_bytes_max};
constexpr std::size_t passkey_body_bytes_max = 32UL << 10;

access::RelyingParty party_of(const Call& call) { return access::relying_party(call.api.config.public_url); }
std::string_view key_of(const Call& call) { return call.api.config.second_factor_key; }
Time now_of(const Call& call) { return call.api.parts.clock.now(); }

void write_challenge(JsonWriter& out, const Call& call, std::string_view challenge) {
  out.member("challenge", challenge).member("rp_id", party_of(call).id).member("lifetime_ms", access::challenge_ms);
}

Result<net::Response> ask_to_sign_in(Call& call) {
  JsonWriter out;
  out.begin_object();
  write_challenge(out, call, access::challenge_to_sign_in(key_of(call), now_of(call)));
  out.end_object();
  return json_response(200, out);
}

Result<net::Response> sign_in(Call& call) {
  TRY(auto body, read_body(call));
  TRY(const auto use, read_passkey_use(body));
  TRY_STATUS(finish_body(call, body));
  const auto request = request_of_browser(call);
  TRY(const auto signed_in, access::sign_in_with_passkey(sign_in_parts(call.api), party_of(call), use, request));
  return signed_in_response(call, signed_in);
}

void write_credential_ids(JsonWriter& out, const std::vector<std::string>& ids) {
  out.key("credential_ids").begin_array();
  for (const auto& id : ids) out.text(to_base64url(id));
  out.end_array();
}

Result<std::vector<std::string>> credential_ids(Call& call) {
  return call.api.database().query(
      [&](store::Session& session) { return access::my_credential_ids(session, call.actor); });
}

Result<net::Response> ask_to_confirm(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(const auto ids, credential_ids(call));
  JsonWriter out;
  out.begin_object();
  write_challenge(out, call, access::challenge_to_confirm(key_of(call), call.actor, now_of(call)));
  write_credential_ids(out, ids);
  out.end_object();
  return json_response(200, out);
}

Result<net::Response> confirm(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(auto body, read_body(call));
  TRY(const auto use, read_passkey_use(body));
  TRY_STATUS(finish_body(call, body));
  TRY_STATUS(access::confirm_with_passkey(sign_in_parts(call.api), party_of(call), use, call.actor));
  call.api.authenticator.changed();
  return no_content();
}

void write_passkey(JsonWriter& out, const access::Passkey& passkey) {
  out.begin_object().member("id", passkey.id).member("name", passkey.name);
  out.member("created_at", passkey.created_at).member("last_used_at", passkey.last_used_at).end_object();
}

Result<net::Response> list(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(const auto passkeys,
      call.api.database().query([&](store::Session& session) { return access::my_passkeys(session, call.actor); }));
  JsonWriter out;
  out.begin_object().key("items").begin_array();
  for (const auto& passkey : passkeys) write_passkey(out, passkey);
  out.end_array().member("total", static_cast<std::int64_t>(passkeys.size())).member("total_is_exact", true);
  out.key("next_cursor").null().end_object();
  return json_response(200, out);
}

// The handle by which an authenticator knows the person is the id of the account: it says nothing about them.
Result<net::Response> options(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(const auto ids, credential_ids(call));
  TRY(const auto user, call.api.database().query([&](store::Session& session) {
    return access::find_user(session, call.actor.workspace, call.actor.user);
  }));
  if (!user) return fail(ErrorKind::unauthenticated, "not_signed_in", "Sign in first.");
  JsonWriter out;
  out.begin_object();
  write_challenge(out, call, access::challenge_to_add_passkey(key_of(call), call.actor, now_of(call)));
  out.member("user_handle", to_base64url(user->id.bytes())).member("user_name", user->email);
  out.member("user_display_name", user->name);
  write_credential_ids(out, ids);
  out.end_object();
  return json_response(200, out);
}

Result<net::Response> add(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(auto body, read_body(call));
  TRY(const auto given, read_new_passkey(body));
  TRY_STATUS(finish_body(call, body));
  TRY(const auto added, call.api.database().write([&](store::Transaction& tx) {
    return access::add_passkey(tx, party_of(call), key_of(call), call.actor, given);
  }));
  call.api.authenticator.changed();
  JsonWriter out;
  out.begin_object().key("passkey");
  write_passkey(out, added.passkey);
  out.key("recovery_codes").begin_array();
  for (const auto& code : added.recovery_codes) out.text(code);
  out.end_array().end_object();
  return json_response(201, out);
}

Result<net::Response> rename(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(const auto id, path_id<access::PasskeyId>(call));
  TRY(auto body, read_body(call));
  const auto name = body.need_text("name", name_limits);
  TRY_STATUS(finish_body(call, body));
  TRY(const auto passkey, call.api.database().write([&](store::Transaction& tx) {
    return access::rename_passkey(tx, call.actor, id, name);
  }));
  JsonWriter out;
  write_passkey(out, passkey);
  return json_response(200, out);
}

Result<net::Response> remove(Call& call) {
  TRY_STATUS(require_person(call));
  TRY(const auto id, path_id<access::PasskeyId>(call));
  TRY_STATUS(
      call.api.database().write([&](store::Transaction& tx) { return access::remove_passkey(tx, call.actor, id); }));
  call.api.authenticator.changed();
  return no_content();
}

void add_signing_in(net::Router& router, ApiContext& api) {
  constexpr auto own = Needs::Whose::own;
  add_route(router, api,
            {.method = "GET", .path = "/session/passkey", .needs = Needs::nobody(), .act = ask_to_sign_in});
  add_route(router, api,
            {.method = "POST",
             .path = "/session/passkey",
             .needs = Needs::nobody(),
             .act = sign_in,
             .rate = RateClass::sign_in,
             .body = BodyKind::json,
             .body_bytes_max = passkey_body_bytes_max});
  add_route(router, api,
            {.method = "GET",
             .path = "/session/confirm/passkey",
             .needs = {"me", "read_second_factor", own},
             .act = ask_to_confirm});
  add_route(router, api,
            {.method = "POST",
             .path = "/session/confirm/passkey",
             .needs = {"session", "confirm", own},
             .act = confirm,
             .rate = RateClass::sign_in,
             .body = BodyKind::json,
             .body_bytes_max = passkey_body_bytes_max});
}

}  // namespace

void add_passkey_routes(net::Router& router, ApiContext& api) {
  constexpr auto own = Needs::Whose::own;
  constexpr auto write = RateClass::write;
  add_signing_in(router, api);
  add_route(router, api,
            {.method = "GET", .path = "/me/passkeys", .needs = {"me", "read_second_factor", own}, .act = list});
  add_route(router, api,
            {.method = "POST",
             .path = "/me/passkey-options",
             .needs = {"me", "second_factor", own},
             .act = options,
             .rate = write});
  add_route(router, api,
            {.method = "POST",
             .path = "/me/passkeys",
             .needs = {"me", "second_factor", own},
             .act = add,
             .rate = write,
             .body = BodyKind::json,
             .body_bytes_max = passkey_body_bytes_max});
  add_route(router, api,
            {.method = "PATCH",
             .path = "/me/passkeys/{id}",
             .needs = {"me", "update", own},
             .act = rename,
             .rate = write,
             .body = BodyKind::json});
  add_route(router, api,
            {.method = "DELETE",
             .path = "/me/passkeys/{id}",
             .needs = {"me", "second_factor", own},
             .act = remove,
             .rate = write});
}

}  // namespace answerable::http
