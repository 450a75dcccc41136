#include "access/directory_group.h"

#include <algorithm>

#include "access/authorize.h"
#include "access/user_row.h"

namespace answerable::access {
namespace {

DirectoryGroup group_of(Role role) {
  return {.id = std::string(to_string(role)), .name = std::string(to_string(role)), .role = role};
}

DirectoryGroup group_of(const ComposedRole& role) {
  return {.id = role.id.text(), .name = role.name, .composed = role.id};
}

bool is_in(const User& user, const DirectoryGroup& group) {
  return user.composed == group.composed && (!user.composed.is_nil() || user.role == group.role);
}

Result<std::vector<User>> members_of(store::Session& session, WorkspaceId workspace, const DirectoryGroup& group) {
  TRY(auto people,
      session.all("select " ANSWERABLE_USER_COLUMNS
                  " from users u left join provisioned_users p on p.workspace_id = u.workspace_id and p.user_id = u.id "
                  "where u.workspace_id = $1 and coalesce(p.is_hidden, 0) = 0 order by u.created_at, u.id",
                  {workspace}, [](const store::Row& row) { return read_user(row); }));
  std::erase_if(people, [&](const User& user) { return !is_in(user, group); });
  return people;
}

Status move(store::Transaction& tx, const Actor& by, UserId id, const DirectoryGroup& to) {
  TRY(const auto user, find_user(tx, by.workspace, id));
  if (!user) return fail(ErrorKind::invalid, "member_unknown", "A member is a person of this workspace, by their id.");
  if (is_in(*user, to)) return {};
  if (user->role == Role::administrator)
    return fail(ErrorKind::conflict, "administrator_kept",
                user->email + " is an administrator here: another administrator gives them another role first.");
  UserChange change;
  if (to.composed.is_nil())
    change.role = to.role;
  else
    change.composed = to.composed;
  TRY_STATUS(update_user(tx, by, id, change));
  return {};
}

Status require_composed(const DirectoryGroup& group) {
  if (!group.composed.is_nil()) return {};
  return fail(ErrorKind::conflict, "group_built_in", "This role is built in: it keeps its name, and stays.");
}

}  // namespace

Result<std::vector<DirectoryGroup>> directory_groups(store::Session& session, const Actor& by) {
  TRY(const auto composed, roles(session, by));
  std::vector<DirectoryGroup> groups{group_of(Role::agent), group_of(Role::supervisor)};
  for (const auto& one : composed) groups.push_back(group_of(one.role));
  return groups;
}

Status load_members(store::Session& session, const Actor& by, DirectoryGroup& group) {
  TRY(group.members, members_of(session, by.workspace, group));
  return {};
}

Result<DirectoryGroup> load_directory_group(store::Session& session, const Actor& by, std::string_view id) {
  TRY(auto groups, directory_groups(session, by));
  const auto found = std::ranges::find(groups, id, &DirectoryGroup::id);
  if (found == groups.end()) return fail(ErrorKind::not_found, "group_unknown", "There is no such group.");
  TRY_STATUS(load_members(session, by, *found));
  return std::move(*found);
}

Result<DirectoryGroup> create_directory_group(store::Transaction& tx, const Actor& by, const std::string& name) {
  TRY(const auto all, directory_groups(tx, by));
  if (std::ranges::find(all, name, &DirectoryGroup::name) != all.end())
    return fail(ErrorKind::conflict, "name_taken", "There is a role of this name already.");
  TRY(const auto role, create_role(tx, by, {.name = name, .permissions = {}}));
  return group_of(role);
}

Status rename_directory_group(store::Transaction& tx, const Actor& by, const DirectoryGroup& group,
                              const std::string& name) {
  if (name == group.name) return {};
  TRY_STATUS(require_composed(group));
  TRY(const auto role, load_role(tx, by.workspace, group.composed));
  auto wish = wish_of(role);
  wish.name = name;
  TRY_STATUS(change_role(tx, by, role.id, wish));
  return {};
}

Status change_members(store::Transaction& tx, const Actor& by, const DirectoryGroup& group,
                      const MembersChange& change) {
  using Kind = MembersChange::Kind;
  const auto is_named = [&](UserId id) { return std::ranges::find(change.people, id) != change.people.end(); };
  if (change.kind != Kind::leave) {
    for (const auto id : change.people) TRY_STATUS(move(tx, by, id, group));
  }
  if (change.kind == Kind::join) return {};
  TRY(const auto members, members_of(tx, by.workspace, group));
  for (const auto& member : members) {
    if (is_named(member.id) == (change.kind == Kind::leave)) TRY_STATUS(move(tx, by, member.id, group_of(Role::agent)));
  }
  return {};
}

Status delete_directory_group(store::Transaction& tx, const Actor& by, const DirectoryGroup& group) {
  TRY_STATUS(require_composed(group));
  TRY_STATUS(change_members(tx, by, group, {.kind = MembersChange::Kind::replace, .people = {}}));
  return delete_role(tx, by, group.composed);
}

}  // namespace answerable::access
