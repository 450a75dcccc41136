// Groups of a company's directory (SCIM 2.0, RFC 7643 section 4.2). A group is a role: agent, supervisor, or one that
// the workspace composed; its members are the people who have that role. So nothing is kept twice, and nobody is in two
// groups: who joins one leaves the one before, and who leaves one is an agent. A group that the directory makes is a
// composed role that allows nothing until an administrator says what. Only administrators make administrators: these
// are in no group, and the directory moves none of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/roles.h"
#include "access/user.h"

namespace answerable::access {

struct DirectoryGroup {
  std::string id;  // "agent", "supervisor", or the id of the composed role
  std::string name;
  Role role = Role::agent;
  RoleId composed = {};  // not nil: this one, in place of `role`
  std::vector<User> members = {};
};

struct MembersChange {
  enum class Kind : std::uint8_t { join, leave, replace };
  Kind kind = Kind::join;
  std::vector<UserId> people;
};

// Agents, supervisors, then the composed ones by name; without their members. Errors of all: denied.
Result<std::vector<DirectoryGroup>> directory_groups(store::Session& session, const Actor& by);
// Those that the directory has deleted left out.
Status load_members(store::Session& session, const Actor& by, DirectoryGroup& group);
// With its members. Errors: not_found "group_unknown".
Result<DirectoryGroup> load_directory_group(store::Session& session, const Actor& by, std::string_view id);
// Errors: those of create_role().
Result<DirectoryGroup> create_directory_group(store::Transaction& tx, const Actor& by, const std::string& name);
// Errors: those of change_role(); conflict "group_built_in".
Status rename_directory_group(store::Transaction& tx, const Actor& by, const DirectoryGroup& group,
                              const std::string& name);
// `group` as it was loaded. Errors: invalid "member_unknown", conflict "administrator_kept".
Status change_members(store::Transaction& tx, const Actor& by, const DirectoryGroup& group,
                      const MembersChange& change);
// Its members become agents. Errors: conflict "group_built_in", "role_in_use" (by an API key).
Status delete_directory_group(store::Transaction& tx, const Actor& by, const DirectoryGroup& group);

}  // namespace answerable::access
