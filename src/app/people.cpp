#include "app/people.h"

#include "access/password.h"
#include "access/password_rules.h"

namespace answerable::app {

Result<access::Workspace> choose_workspace(store::Database& database, const std::string& name_or_id) {
  TRY(auto all, database.query([](store::Session& session) { return access::workspaces(session); }));
  if (name_or_id.empty() && all.size() == 1) return all.front();
  if (name_or_id.empty() && all.size() > 1)
    return fail(ErrorKind::invalid, "workspace_ambiguous", "There are several workspaces: say which with --workspace.");
  for (const auto& workspace : all) {
    if (workspace.name == name_or_id || workspace.id.text() == name_or_id) return workspace;
  }
  return fail(ErrorKind::not_found, "workspace_not_found",
              "There is no such workspace: run `answerable init` first, or check the name.");
}

Result<ChosenPassword> choose_password(bool from_stdin, const std::string& email, const std::string& name) {
  ChosenPassword password;
  password.was_made = !from_stdin;
  if (from_stdin) {
    TRY(password.text, read_line_from_stdin());
    TRY_STATUS(access::check_password_rules(password.text, {.mail_address = email, .name = name}));
  } else {
    password.text = access::make_temporary_password();
  }
  TRY(password.hash, access::hash_password(password.text));
  return password;
}

}  // namespace answerable::app
