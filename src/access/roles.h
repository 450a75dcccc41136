// The roles that a workspace's administrators composed. Nobody gives more than they have: neither in a role, nor by
// giving somebody a role, nor by taking over (a new password, a reset second factor) who may do more.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/composed_role.h"
#include "access/overwritten.h"
#include "access/user.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr std::size_t role_name_bytes_max = 80;
inline constexpr std::int64_t roles_per_workspace_max = 50;

struct RoleWish {
  std::string name;
  std::vector<std::string> permissions;  // names
  bool sees_only_assigned = false;
  bool hides_personal = false;
};

// The fields of a role as texts, by name: what is kept when a role is written over or deleted (overwritten.h).
Fields to_fields(const ComposedRole& role);
void set_field(RoleWish& wish, std::string_view field, std::string_view text);
RoleWish wish_of(const ComposedRole& role);

struct RoleInUse {
  ComposedRole role;
  std::int64_t people = 0;  // who have it
};

// By name.
Result<std::vector<RoleInUse>> roles(store::Session& session, const Actor& by);
// Errors: not_found "role_unknown".
Result<ComposedRole> load_role(store::Session& session, WorkspaceId workspace, RoleId id);
// Errors of both: denied "beyond_your_role", invalid "name_invalid" / "permission_unknown", conflict "name_taken",
// limited "too_many_roles"; of the second also not_found "role_unknown". What people with the role may do changes on
// every node within a second.
Result<ComposedRole> create_role(store::Transaction& tx, const Actor& by, const RoleWish& wish);
Result<ComposedRole> change_role(store::Transaction& tx, const Actor& by, RoleId id, const RoleWish& wish);
// Errors: not_found "role_unknown", conflict "role_in_use".
Status delete_role(store::Transaction& tx, const Actor& by, RoleId id);

Result<std::int64_t> people_with(store::Session& session, WorkspaceId workspace, RoleId id);

// What a person has, whatever the kind of their role.
struct Reach {
  Permissions permissions;
  bool sees_only_assigned = false;
  bool hides_personal = false;
};
Result<Reach> reach_of(store::Session& session, const User& user);
// "What may this person do?" Errors: denied, not_found "user_unknown".
Result<Reach> what_may(store::Session& session, const Actor& by, UserId user);

// Whether `by` has all that a person or a role of that reach has. Errors: denied "beyond_your_role".
Status require_no_more(const Actor& by, const Reach& other);
Status require_no_more(store::Session& session, const Actor& by, const User& other);

}  // namespace answerable::access
