// `answerable workspace add|list`. Adding needs the data folder for itself; while the server runs, the operator does
// the same in the browser.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "access/add_workspace.h"
#include "app/installation.h"
#include "app/people.h"

namespace answerable::app {

namespace {

Status add(const Configuration& configuration, const WorkspaceOptions& options) {
  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::read_write));
  access::NewWorkspace wanted{.name = options.name, .administrator_email = options.email};
  wanted.administrator_name =
      options.administrator.empty() ? options.email.substr(0, options.email.find('@')) : options.administrator;
  TRY(auto password, choose_password(options.password_stdin, options.email, wanted.administrator_name));
  wanted.password_hash = password.hash;
  wanted.demands_second_factor = options.demand_second_factor;
  TRY(auto added, installation->database().write([&](store::Transaction& tx) {
    return access::add_workspace(tx, access::system_actor({}), wanted);
  }));
  fmt::print("{}\n", added.workspace.id.text());
  if (password.was_made) fmt::print("{} {}\n", added.administrator.email, password.text);
  return {};
}

Status list(const Configuration& configuration, bool json) {
  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::read_only));
  TRY(auto all, installation->database().query([](store::Session& session) {
    return access::list_workspaces(session, access::system_actor({}));
  }));
  for (const auto& [workspace, people] : all) {
    if (json) {
      boost::json::object line{{"id", workspace.id.text()}, {"name", workspace.name}, {"people", people}};
      line["created_at"] = to_rfc3339(workspace.created_at);
      fmt::print("{}\n", boost::json::serialize(line));
    } else {
      fmt::print("{} {:>6} {}\n", workspace.id.text(), people, workspace.name);
    }
  }
  return {};
}

}  // namespace

int run_workspace_add(const Configuration& configuration, const WorkspaceOptions& options) {
  auto status = add(configuration, options);
  return status ? static_cast<int>(exit_ok) : report(status.error());
}

int run_workspace_list(const Configuration& configuration, bool json) {
  auto status = list(configuration, json);
  return status ? static_cast<int>(exit_ok) : report(status.error());
}

}  // namespace answerable::app
