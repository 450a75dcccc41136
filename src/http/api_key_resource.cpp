// /api-keys: credentials of programs.
#include <algorithm>

#include "http/application_approval.h"
#include "http/idempotency.h"
#include "http/reply.h"
#include "http/routes.h"
#include "http/user_json.h"
#include "policy/entitlement.h"

namespace answerable::http {
namespace {

constexpr TextLimits name_limits{.bytes_min = 1, .bytes_max = access::api_key_name_bytes_max};
constexpr TextLimits id_limits{.bytes_min = 36, .bytes_max = 36};
constexpr TextLimits scope_limits{.bytes_min = 1, .bytes_max = 20};
constexpr std::size_t scopes_max = 2;

Result<net::Response> list(Call& call) {
  TRY(const auto keys,
      call.api.database().query([&](store::Session& session) { return access::api_keys(session, call.actor); }));
  JsonWriter out;
  out.begin_object().key("items").begin_array();
  for (const auto& key : keys) write_api_key(out, key);
  out.end_array().member("total", static_cast<std::int64_t>(keys.size())).member("total_is_exact", true);
  out.key("next_cursor").null().end_object();
  return json_response(200, out);
}

std::string created_body(const access::ApiKey& key, std::string_view secret) {
  JsonWriter out;
  out.begin_object().key("api_key");
  write_api_key(out, key);
  out.text_or_null("secret", secret).end_object();
  return out.take();
}

Result<access::NewApiKey> read_key(Call& call) {
  TRY(auto body, read_body(call));
  access::NewApiKey given{.name = body.need_text("name", name_limits)};
  const auto scopes = body.texts("scopes", scope_limits, scopes_max).value_or(std::vector<std::string>{"read"});
  for (const auto& scope : scopes) {
    if (scope == "write") given.may_write = true;
    if (scope != "read" && scope != "write") body.refuse("scopes", "not_allowed", "Scopes are read and write.");
  }
  if (scopes.empty()) body.refuse("scopes", "too_short", "At least read.");
  if (const auto role = body.choice("role", {"agent", "supervisor", "administrator"}))
    given.role = access::parse_role(*role).value_or(access::Role::agent);
  if (const auto role = body.text("role_id", id_limits)) {
    const auto id = access::RoleId::parse(*role);
    if (!id) body.refuse("role_id", "not_allowed", "An id has the form of a UUID.");
    given.composed = id.value_or(access::RoleId{});
  }
  given.expires_at = body.time("expires_at");
  if (const auto application = body.text("application", id_limits)) {
    const auto id = access::ApplicationId::parse(*application);
    if (!id) body.refuse("application", "not_allowed", "An id has the form of a UUID.");
    given.application = id.value_or(access::ApplicationId{});
  }
  TRY_STATUS(finish_body(call, body));
  return given;
}

Result<net::Response> create(Call& call) {
  TRY(auto given, read_key(call));
  return write_once(call, [&](store::Transaction& tx) -> Result<Produced> {
    TRY_STATUS(policy::judge_feature(tx, call.actor.workspace, "api"));
    TRY(given.is_approved, administrators_approve(tx, call.actor.workspace));
    TRY(const auto created, access::create_api_key(tx, call.actor, given));
    return Produced{.response = json_response(201, created_body(created.key, created.secret)),
                    .body_for_repetition = created_body(created.key, {})};
  });
}

Result<net::Response> revoke(Call& call) {
  TRY(const auto id, path_id<ApiKeyId>(call));
  TRY_STATUS(
      call.api.database().write([&](store::Transaction& tx) { return access::revoke_api_key(tx, call.actor, id); }));
  call.api.authenticator.changed();
  return no_content();
}

}  // namespace

void add_api_key_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/api-keys", .needs = {"api_key", "list"}, .act = list});
  add_route(router, api,
            {.method = "POST",
             .path = "/api-keys",
             .needs = {"api_key", "create"},
             .act = create,
             .rate = RateClass::write,
             .body = BodyKind::json});
  add_route(router, api,
            {.method = "DELETE",
             .path = "/api-keys/{id}",
             .needs = {"api_key", "revoke"},
             .act = revoke,
             .rate = RateClass::write});
}

}  // namespace answerable::http
