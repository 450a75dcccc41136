// `answerable user add|list|passwd|disable`. They need the data folder for themselves; while the server runs, People in
// the settings does the same.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/installation.h"
#include "app/people.h"
#include "policy/entitlement.h"

namespace answerable::app {

namespace {

access::Actor operator_of(WorkspaceId workspace) { return access::system_actor(workspace); }

void show_password(const std::string& email, const ChosenPassword& password) {
  if (password.was_made) fmt::print("{} {}\n", email, password.text);
}

struct Person {
  std::unique_ptr<Installation> installation;
  access::User user;
};

Result<Person> open_for(const Configuration& configuration, const UserOptions& options, const Clock& clock) {
  Person person;
  TRY(person.installation, Installation::open(configuration, clock, Opening::read_write));
  TRY(auto found, person.installation->database().query(
                      [&](store::Session& session) { return access::find_user_by_email(session, options.email); }));
  if (!found)
    return fail(ErrorKind::not_found, "user_not_found", "Nobody here has that address: see `answerable user list`.");
  person.user = *found;
  return person;
}

Status add(const Configuration& configuration, const UserOptions& options) {
  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::read_write));
  access::NewUser user;
  auto role = access::parse_role(options.role);
  if (!role)
    return fail(ErrorKind::invalid, "role_invalid", "The role is agent, supervisor, administrator or operator.");
  user.role = *role;
  user.email = options.email;
  user.name = options.name.empty() ? options.email.substr(0, options.email.find('@')) : options.name;
  if (*role != access::Role::operator_) {
    TRY(auto workspace, choose_workspace(installation->database(), options.workspace));
    user.workspace = workspace.id;
  }
  TRY(auto password, choose_password(options.password_stdin, user.email, user.name));
  user.password_hash = password.hash;
  user.must_change_password = password.was_made;
  TRY_STATUS(installation->database().write(
      [&](store::Transaction& tx) { return policy::add_person(tx, operator_of(user.workspace), user); }));
  show_password(user.email, password);
  return {};
}

void show_person(const access::User& user, const std::string& workspace, bool json) {
  auto state = user.is_active ? "active" : "disabled";
  if (!json)
    return fmt::print("{:<32} {:<14} {:<9} {:<24} {}\n", user.email, access::to_string(user.role), state, user.name,
                      workspace);
  boost::json::object line{{"id", user.id.text()}, {"name", user.name}, {"email", user.email}};
  line["role"] = access::to_string(user.role);
  line["state"] = state;
  line["workspace"] = workspace.empty() ? boost::json::value(nullptr) : boost::json::value(workspace);
  fmt::print("{}\n", boost::json::serialize(line));
}

Status list(const Configuration& configuration, bool json) {
  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::read_only));
  TRY(auto workspaces,
      installation->database().query([](store::Session& session) { return access::workspaces(session); }));
  workspaces.insert(workspaces.begin(), access::Workspace{});  // the operator belongs to none
  for (const auto& workspace : workspaces) {
    TRY(auto people,
        installation->database().query([&](store::Session& session) { return access::users(session, workspace.id); }));
    for (const auto& user : people) show_person(user, workspace.name, json);
  }
  return {};
}

Status passwd(const Configuration& configuration, const UserOptions& options) {
  SystemClock clock;
  TRY(auto person, open_for(configuration, options, clock));
  TRY(auto password, choose_password(options.password_stdin, person.user.email, person.user.name));
  access::NewPassword change{person.user.id, password.hash, password.was_made, std::nullopt};
  TRY_STATUS(person.installation->database().write(
      [&](store::Transaction& tx) { return access::set_password(tx, operator_of(person.user.workspace), change); }));
  show_password(person.user.email, password);
  return {};
}

Status disable(const Configuration& configuration, const UserOptions& options) {
  SystemClock clock;
  TRY(auto person, open_for(configuration, options, clock));
  access::UserChange change;
  change.is_active = false;
  TRY_STATUS(person.installation->database().write([&](store::Transaction& tx) {
    return access::update_user(tx, operator_of(person.user.workspace), person.user.id, change);
  }));
  return {};
}

int ended(const Status& status) { return status ? static_cast<int>(exit_ok) : report(status.error()); }

}  // namespace

int run_user_add(const Configuration& configuration, const UserOptions& options) {
  return ended(add(configuration, options));
}
int run_user_list(const Configuration& configuration, bool json) { return ended(list(configuration, json)); }
int run_user_passwd(const Configuration& configuration, const UserOptions& options) {
  return ended(passwd(configuration, options));
}
int run_user_disable(const Configuration& configuration, const UserOptions& options) {
  return ended(disable(configuration, options));
}

}  // namespace answerable::app
