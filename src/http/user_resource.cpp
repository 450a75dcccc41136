// /users: the people of a workspace.
#include <algorithm>

#include "access/reset_password.h"
#include "http/cursor.h"
#include "http/idempotency.h"
#include "http/reply.h"
#include "http/routes.h"
#include "http/user_json.h"
#include "policy/entitlement.h"

namespace answerable::http {
namespace {

constexpr TextLimits name_limits{.bytes_min = 1, .bytes_max = access::person_name_bytes_max};
constexpr TextLimits email_limits{.bytes_min = 3, .bytes_max = access::mail_address_bytes_max};
constexpr std::string_view users_list = "users";

// A built-in role or a composed one.
std::optional<access::RoleId> read_role_id(JsonReader& body) {
  const auto text = body.text("role_id", {.bytes_min = 36, .bytes_max = 36});
  if (!text) return std::nullopt;
  if (body.has("role")) body.refuse("role_id", "not_allowed", "One role: role or role_id.");
  const auto id = access::RoleId::parse(*text);
  if (!id) body.refuse("role_id", "not_allowed", "An id has the form of a UUID.");
  return id;
}

std::optional<access::Role> read_role(JsonReader& body) {
  const auto text = body.choice("role", {"agent", "supervisor", "administrator"});
  return text ? access::parse_role(*text) : std::nullopt;
}

Result<net::Response> list(Call& call) {
  TRY_STATUS(check_query(call, {"limit", "cursor"}));
  TRY(const auto limit, query_limit(call));
  std::optional<UserId> after;
  if (const auto cursor = call.request.query_parameter("cursor")) {
    TRY(const auto position, decode_cursor(users_list, *cursor));
    after = UserId{position.uuid};
  }
  TRY(const auto users,
      call.api.database().query([&](store::Session& session) { return access::users(session, call.actor.workspace); }));
  auto first = users.begin();
  if (after) {
    first = std::find_if(users.begin(), users.end(), [&](const access::User& user) { return user.id == *after; });
    if (first == users.end()) return fail(ErrorKind::invalid, "bad_cursor", "Start over.");
    ++first;
  }
  const auto count = std::min<std::ptrdiff_t>(limit, users.end() - first);
  JsonWriter out(8192);
  out.begin_object().key("items").begin_array();
  std::for_each(first, first + count, [&](const access::User& user) { write_user(out, user); });
  out.end_array().member("total", static_cast<std::int64_t>(users.size())).member("total_is_exact", true);
  out.key("next_cursor");
  if (first + count < users.end() && count > 0) {
    out.text(encode_cursor(users_list, {.uuid = (first + count - 1)->id.uuid}));
  } else {
    out.null();
  }
  out.end_object();
  return json_response(200, out);
}

Status require_mail(const Call& call) {
  if (call.api.config.can_mail(call.actor.workspace)) return {};
  return fail(ErrorKind::conflict, "no_mail_server",
              "There is no mail server to send invitations by. Add a mail channel, or give a temporary password.");
}

std::string created_body(const access::User& user, std::string_view password) {
  JsonWriter out;
  out.begin_object().key("user");
  write_user(out, user);
  out.text_or_null("temporary_password", password).end_object();
  return out.take();
}

Result<net::Response> create(Call& call) {
  TRY(auto body, read_body(call));
  access::NewUser given{.workspace = call.actor.workspace,
                        .name = body.need_text("name", name_limits),
                        .email = body.need_text("email", email_limits)};
  given.role = read_role(body).value_or(access::Role::agent);
  given.composed = read_role_id(body).value_or(access::RoleId{});
  const bool invites = body.flag("invite").value_or(false);
  if (!access::is_mail_address(access::email_key(given.email)))
    body.refuse("email", "not_allowed", "This is not a mail address.");
  TRY_STATUS(finish_body(call, body));
  if (invites) TRY_STATUS(require_mail(call));
  const auto password = invites ? std::string() : access::make_temporary_password();
  if (!invites) {
    TRY(given.password_hash, access::hash_password(password, call.api.config.password_cost));
  }
  given.must_change_password = !invites;
  auto response = write_once(call, [&](store::Transaction& tx) -> Result<Produced> {
    TRY(const auto user, policy::add_person(tx, call.actor, given));
    if (invites) TRY_STATUS(access::invite_user(tx, call.api.config.account_link_key, call.actor, user.id));
    return Produced{.response = json_response(201, created_body(user, password)),
                    .body_for_repetition = created_body(user, {})};
  });
  call.api.directory.forget(call.actor.workspace);
  return response;
}

Result<net::Response> update(Call& call) {
  TRY(const auto id, path_id<UserId>(call));
  TRY(auto body, read_body(call));
  access::UserChange change{.name = body.text("name", name_limits), .role = read_role(body)};
  change.composed = read_role_id(body);
  if (const auto state = body.choice("state", {"active", "disabled"})) change.is_active = *state == "active";
  TRY_STATUS(finish_body(call, body));
  TRY(const auto user, call.api.database().write(
                           [&](store::Transaction& tx) { return policy::change_person(tx, call.actor, id, change); }));
  call.api.directory.forget(call.actor.workspace);
  call.api.authenticator.changed();
  JsonWriter out;
  write_user(out, user);
  return json_response(200, out);
}

Result<net::Response> invite(Call& call) {
  TRY(const auto id, path_id<UserId>(call));
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(access::invite_user(tx, call.api.config.account_link_key, call.actor, id));
    return require_mail(call);
  }));
  return no_content();
}

Result<net::Response> reset_password(Call& call) {
  TRY(const auto id, path_id<UserId>(call));
  const auto password = access::make_temporary_password();
  TRY(const auto hash, access::hash_password(password, call.api.config.password_cost));
  const access::NewPassword given{.user = id, .hash = hash, .must_change = true, .keep_session = std::nullopt};
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) -> Status {
    if (call.actor.kind == access::Actor::Kind::user && call.actor.user == id)
      return fail(ErrorKind::conflict, "own_password", "Change your own password in your profile.");
    return access::set_password(tx, call.actor, given);
  }));
  call.api.authenticator.changed();
  JsonWriter out;
  out.begin_object().member("temporary_password", password).end_object();
  return json_response(200, out);
}

}  // namespace

void add_user_routes(net::Router& router, ApiContext& api) {
  constexpr auto write = RateClass::write;
  add_route(router, api, {.method = "GET", .path = "/users", .needs = {"user", "list"}, .act = list});
  add_route(router, api,
            {.method = "POST",
             .path = "/users",
             .needs = {"user", "create"},
             .act = create,
             .rate = write,
             .body = BodyKind::json,
             .runs = Runs::hashing});
  add_route(router, api,
            {.method = "PATCH",
             .path = "/users/{id}",
             .needs = {"user", "update"},
             .act = update,
             .rate = write,
             .body = BodyKind::json});
  add_route(
      router, api,
      {.method = "POST", .path = "/users/{id}/invitation", .needs = {"user", "create"}, .act = invite, .rate = write});
  add_route(router, api,
            {.method = "POST",
             .path = "/users/{id}/reset-password",
             .needs = {"user", "reset_password"},
             .act = reset_password,
             .rate = write,
             .runs = Runs::hashing});
}

}  // namespace answerable::http
