// /roles: what a role may be composed of, and the roles that were. /users/{id}/permissions: what a person may do.
#include "access/roles.h"

#include "http/reply.h"
#include "http/routes.h"
#include "http/user_json.h"

namespace answerable::http {
namespace {

constexpr TextLimits name_limits{.bytes_min = 1, .bytes_max = access::role_name_bytes_max};
constexpr TextLimits permission_limits{.bytes_min = 1, .bytes_max = 80};

void write_role(JsonWriter& out, const access::ComposedRole& role, std::int64_t people) {
  out.begin_object().member("id", role.id).member("name", role.name);
  write_permissions(out, role.permissions);
  out.member("only_assigned", role.sees_only_assigned).member("hides_personal", role.hides_personal);
  out.member("people", people).end_object();
}

void write_catalogue(JsonWriter& out) {
  out.key("permissions").begin_array();
  for (const auto& rule : access::rules()) {
    if (!access::is_composable(rule)) continue;
    out.begin_object().member("name", access::permission_name(rule)).member("resource", rule.resource);
    out.member("writes", rule.writes).member("least", to_string(rule.least)).end_object();
  }
  out.end_array();
}

Result<net::Response> list(Call& call) {
  TRY(const auto roles,
      call.api.database().query([&](store::Session& session) { return access::roles(session, call.actor); }));
  JsonWriter out(16'384);
  out.begin_object();
  write_catalogue(out);
  out.key("items").begin_array();
  for (const auto& one : roles) write_role(out, one.role, one.people);
  out.end_array().member("total", static_cast<std::int64_t>(roles.size())).member("total_is_exact", true);
  out.key("next_cursor").null().end_object();
  return json_response(200, out);
}

Result<access::RoleWish> read_wish(Call& call) {
  TRY(auto body, read_body(call));
  access::RoleWish wish{.name = body.need_text("name", name_limits)};
  if (!body.has("permissions")) body.refuse("permissions", "required", "This is needed.");
  wish.permissions =
      body.texts("permissions", permission_limits, access::rules_max).value_or(std::vector<std::string>());
  wish.sees_only_assigned = body.flag("only_assigned").value_or(false);
  wish.hides_personal = body.flag("hides_personal").value_or(false);
  TRY_STATUS(finish_body(call, body));
  return wish;
}

net::Response role_response(int status, const access::ComposedRole& role, std::int64_t people) {
  JsonWriter out;
  write_role(out, role, people);
  return json_response(status, out);
}

Result<net::Response> create(Call& call) {
  TRY(const auto wish, read_wish(call));
  TRY(const auto role,
      call.api.database().write([&](store::Transaction& tx) { return access::create_role(tx, call.actor, wish); }));
  return role_response(201, role, 0);
}

Result<net::Response> change(Call& call) {
  TRY(const auto id, path_id<access::RoleId>(call));
  TRY(const auto wish, read_wish(call));
  std::int64_t people = 0;
  TRY(const auto role, call.api.database().write([&](store::Transaction& tx) -> Result<access::ComposedRole> {
    TRY(auto changed, access::change_role(tx, call.actor, id, wish));
    TRY(people, access::people_with(tx, call.actor.workspace, id));
    return changed;
  }));
  call.api.authenticator.changed();
  return role_response(200, role, people);
}

Result<net::Response> remove(Call& call) {
  TRY(const auto id, path_id<access::RoleId>(call));
  TRY_STATUS(
      call.api.database().write([&](store::Transaction& tx) { return access::delete_role(tx, call.actor, id); }));
  return no_content();
}

Result<net::Response> what_may(Call& call) {
  TRY(const auto id, path_id<UserId>(call));
  TRY(const auto reach,
      call.api.database().query([&](store::Session& session) { return access::what_may(session, call.actor, id); }));
  JsonWriter out(8'192);
  out.begin_object();
  write_permissions(out, reach.permissions);
  out.member("only_assigned", reach.sees_only_assigned).member("hides_personal", reach.hides_personal);
  out.end_object();
  return json_response(200, out);
}

}  // namespace

void add_role_routes(net::Router& router, ApiContext& api) {
  constexpr auto write = RateClass::write;
  constexpr auto json = BodyKind::json;
  add_route(router, api, {.method = "GET", .path = "/roles", .needs = {"role", "list"}, .act = list});
  add_route(
      router, api,
      {.method = "POST", .path = "/roles", .needs = {"role", "compose"}, .act = create, .rate = write, .body = json});
  add_route(router, api,
            {.method = "PUT",
             .path = "/roles/{id}",
             .needs = {"role", "compose"},
             .act = change,
             .rate = write,
             .body = json});
  add_route(router, api,
            {.method = "DELETE", .path = "/roles/{id}", .needs = {"role", "compose"}, .act = remove, .rate = write});
  add_route(router, api,
            {.method = "GET", .path = "/users/{id}/permissions", .needs = {"role", "list"}, .act = what_may});
}

}  // namespace answerable::http
