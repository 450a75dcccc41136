#include "access/roles.h"

#include "access/ended.h"
#include "access/record.h"
#include "base/utf8.h"
#include "cluster/event_log.h"

namespace answerable::access {
namespace {

ComposedRole read_role(const store::Row& row) {
  return {.id = row.id<RoleId>(0),
          .name = row.string(1),
          .permissions = parse_lines(row.text(2)),
          .sees_only_assigned = row.flag(3),
          .hides_personal = row.flag(4)};
}

Reach reach_of_role(const ComposedRole& role) {
  return {.permissions = role.permissions,
          .sees_only_assigned = role.sees_only_assigned,
          .hides_personal = role.hides_personal};
}

Result<ComposedRole> to_role(const Actor& by, RoleId id, const RoleWish& wish) {
  if (wish.name.empty() || one_line(wish.name, role_name_bytes_max) != wish.name)
    return fail(ErrorKind::invalid, "name_invalid", "A role needs a name of one line and at most 80 bytes.");
  ComposedRole role{.id = id,
                    .name = wish.name,
                    .permissions = {},
                    .sees_only_assigned = wish.sees_only_assigned,
                    .hides_personal = wish.hides_personal};
  for (const auto& name : wish.permissions) {
    const auto found = find_permission(name);
    if (!found || !is_composable(rules()[*found]))
      return fail(ErrorKind::invalid, "permission_unknown",
                  "A role cannot be composed of something that is not listed.");
    role.permissions.set(*found);
  }
  TRY_STATUS(require_no_more(by, reach_of_role(role)));
  return role;
}

Status require_free_name(store::Session& session, WorkspaceId workspace, const ComposedRole& role) {
  TRY(const auto others, session.number("select count(*) from roles where workspace_id = $1 and name = $2 and id <> $3",
                                        {workspace, role.name, role.id}));
  if (others > 0) return fail(ErrorKind::conflict, "name_taken", "There is a role of this name already.");
  return {};
}

// `role` as it is now, or as it was deleted.
Status note(store::Transaction& tx, const Actor& by, std::string_view action, const ComposedRole& role,
            const std::vector<Overwritten>& overwritten) {
  std::string names;
  for (const auto& name : to_names(role.permissions)) names.append(names.empty() ? "" : " ").append(name);
  return enter_overwriting(tx,
                           {.workspace = by.workspace,
                            .actor = by.for_ledger(),
                            .action = action,
                            .object_kind = "role",
                            .object_id = role.id.text(),
                            .details = {{"permissions", names},
                                        {"only_assigned", role.sees_only_assigned ? "yes" : "no"},
                                        {"hides_personal", role.hides_personal ? "yes" : "no"}}},
                           overwritten);
}

}  // namespace

Fields to_fields(const ComposedRole& role) {
  return {{"name", role.name},
          {"permissions", to_lines(role.permissions)},
          {"only_assigned", role.sees_only_assigned ? "1" : "0"},
          {"hides_personal", role.hides_personal ? "1" : "0"}};
}

void set_field(RoleWish& wish, std::string_view field, std::string_view text) {
  if (field == "name") wish.name = text;
  if (field == "permissions") wish.permissions = to_names(parse_lines(text));
  if (field == "only_assigned") wish.sees_only_assigned = text == "1";
  if (field == "hides_personal") wish.hides_personal = text == "1";
}

RoleWish wish_of(const ComposedRole& role) {
  return {.name = role.name,
          .permissions = to_names(role.permissions),
          .sees_only_assigned = role.sees_only_assigned,
          .hides_personal = role.hides_personal};
}

Result<std::vector<RoleInUse>> roles(store::Session& session, const Actor& by) {
  TRY_STATUS(authorize(by, "role", "list"));
  return session.all(
      "select id, name, permissions, sees_only_assigned, hides_personal, (select count(*) from users u "
      "where u.workspace_id = r.workspace_id and u.role_id = r.id) from roles r where workspace_id = $1 order by name",
      {by.workspace},
      [](const store::Row& row) { return RoleInUse{.role = read_role(row), .people = row.integer(5)}; });
}

Result<ComposedRole> load_role(store::Session& session, WorkspaceId workspace, RoleId id) {
  TRY(auto role, session.find("select id, name, permissions, sees_only_assigned, hides_personal from roles "
                              "where workspace_id = $1 and id = $2",
                              {workspace, id}, read_role));
  if (!role) return fail(ErrorKind::not_found, "role_unknown", "There is no such role.");
  return *std::move(role);
}

Result<ComposedRole> create_role(store::Transaction& tx, const Actor& by, const RoleWish& wish) {
  TRY_STATUS(authorize(by, "role", "compose"));
  TRY(auto role, to_role(by, RoleId::make(tx.clock()), wish));
  TRY_STATUS(require_free_name(tx, by.workspace, role));
  TRY(const auto count, tx.number("select count(*) from roles where workspace_id = $1", {by.workspace}));
  if (count >= roles_per_workspace_max)
    return fail(ErrorKind::limited, "too_many_roles", "A workspace has at most 50 roles of its own.");
  TRY_STATUS(run(tx,
                 "insert into roles (workspace_id, id, name, permissions, sees_only_assigned, hides_personal, "
                 "counts_as, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
                 {by.workspace, role.id, role.name, to_lines(role.permissions), role.sees_only_assigned,
                  role.hides_personal, to_string(counts_as(role.permissions)), tx.now()}));
  TRY_STATUS(note(tx, by, "role.create", role, {}));
  return role;
}

Result<ComposedRole> change_role(store::Transaction& tx, const Actor& by, RoleId id, const RoleWish& wish) {
  TRY_STATUS(authorize(by, "role", "compose"));
  TRY(const auto before, load_role(tx, by.workspace, id));
  TRY_STATUS(require_no_more(by, reach_of_role(before)));
  TRY(auto role, to_role(by, id, wish));
  TRY_STATUS(require_free_name(tx, by.workspace, role));
  TRY_STATUS(run(tx,
                 "update roles set name = $3, permissions = $4, sees_only_assigned = $5, hides_personal = $6, "
                 "counts_as = $7 where workspace_id = $1 and id = $2",
                 {by.workspace, id, role.name, to_lines(role.permissions), role.sees_only_assigned, role.hides_personal,
                  to_string(counts_as(role.permissions))}));
  TRY_STATUS(note_ended(tx));
  const auto by_id = by.id_text();
  TRY_STATUS(cluster::append_event(tx, {.workspace = by.workspace,
                                        .kind = "user_changed",
                                        .conversation = std::nullopt,
                                        .message = std::nullopt,
                                        .actor_kind = by.kind_name(),
                                        .actor_id = by_id}));
  TRY_STATUS(note(tx, by, "role.change", role, written_over(to_fields(before), to_fields(role))));
  return role;
}

Status delete_role(store::Transaction& tx, const Actor& by, RoleId id) {
  TRY_STATUS(authorize(by, "role", "compose"));
  TRY(const auto role, load_role(tx, by.workspace, id));
  TRY(const auto people, people_with(tx, by.workspace, id));
  if (people > 0)
    return fail(ErrorKind::conflict, "role_in_use", "Somebody has this role. Give them another one first.");
  TRY(const auto keys,
      tx.number("select count(*) from api_keys where workspace_id = $1 and role_id = $2 and revoked_at is null",
                {by.workspace, id}));
  if (keys > 0) return fail(ErrorKind::conflict, "role_in_use", "An API key has this role. Revoke it first.");
  TRY_STATUS(run(tx, "delete from roles where workspace_id = $1 and id = $2", {by.workspace, id}));
  return note(tx, by, "role.delete", role, written_over(to_fields(role), {}));
}

Result<std::int64_t> people_with(store::Session& session, WorkspaceId workspace, RoleId id) {
  return session.number("select count(*) from users where workspace_id = $1 and role_id = $2", {workspace, id});
}

Result<Reach> reach_of(store::Session& session, const User& user) {
  if (user.composed.is_nil()) return Reach{.permissions = permissions_of(user.role)};
  TRY(const auto role, load_role(session, user.workspace, user.composed));
  return reach_of_role(role);
}

Result<Reach> what_may(store::Session& session, const Actor& by, UserId id) {
  TRY_STATUS(authorize(by, "role", "list"));
  TRY(const auto user, find_user(session, by.workspace, id));
  if (!user) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  return reach_of(session, *user);
}

Status require_no_more(const Actor& by, const Reach& other) {
  if (by.kind == Actor::Kind::system) return {};
  const bool has_more = (other.permissions & ~permissions_of(by)).any();
  const bool sees_more = by.sees_only_assigned() && !other.sees_only_assigned;
  const bool is_told_more = by.hides_personal() && !other.hides_personal;
  if (has_more || sees_more || is_told_more)
    return fail(ErrorKind::denied, "beyond_your_role", "This role may do more than yours. Ask who has all of it.");
  return {};
}

Status require_no_more(store::Session& session, const Actor& by, const User& other) {
  if (by.kind == Actor::Kind::system) return {};
  TRY(const auto reach, reach_of(session, other));
  return require_no_more(by, reach);
}

}  // namespace answerable::access
