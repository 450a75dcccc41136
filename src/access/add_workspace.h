// A new workspace with the one person who can let the others in: its first administrator.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "access/user.h"
#include "access/workspace.h"

namespace answerable::access {

inline constexpr std::int64_t workspaces_max = 1'000;

struct NewWorkspace {
  std::string name;
  std::string administrator_name, administrator_email;
  std::string password_hash;           // of hash_password(); a temporary password, to be changed after signing in
  bool demands_second_factor = false;  // of everybody, until its administrators say otherwise
};

struct AddedWorkspace {
  Workspace workspace;
  User administrator;
};

// By the operator or the system. Both or neither are made. Errors: denied, limited "too_many_workspaces", those of
// create_workspace and, about the administrator, of create_user.
Result<AddedWorkspace> add_workspace(store::Transaction& tx, const Actor& by, const NewWorkspace& wanted);

struct WorkspaceSummary {
  Workspace workspace;
  std::int64_t people = 0;  // disabled ones too
};
// All of them, oldest first. Errors: denied.
Result<std::vector<WorkspaceSummary>> list_workspaces(store::Session& session, const Actor& by);

}  // namespace answerable::access
