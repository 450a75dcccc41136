// What the commands that add people share: which workspace is meant, and a password that is either read or made.
#pragma once

#include <string>

#include "access/user.h"
#include "access/workspace.h"
#include "app/commands.h"
#include "base/result.h"
#include "store/database.h"

namespace answerable::app {

// By name or id; empty means the only one. Errors: not_found "workspace_not_found", invalid "workspace_ambiguous".
Result<access::Workspace> choose_workspace(store::Database& database, const std::string& name_or_id);

struct ChosenPassword {
  std::string text;
  std::string hash;
  bool was_made = false;  // by us: to be shown once and changed at the first sign-in
};
// Reads it from stdin, or makes one. Errors: those of access::check_password_rules.
Result<ChosenPassword> choose_password(bool from_stdin, const std::string& email, const std::string& name);

}  // namespace answerable::app
