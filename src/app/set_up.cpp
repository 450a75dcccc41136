#include "app/set_up.h"

#include "access/second_factor.h"
#include "access/user.h"

namespace answerable::app {

namespace {

Status add_person(store::Transaction& tx, access::NewUser user) {
  TRY_STATUS(access::create_user(tx, access::system_actor(user.workspace), user));
  return {};
}

}  // namespace

Result<access::Workspace> set_up(Installation& installation, const FirstPeople& people) {
  return installation.database().write([&](store::Transaction& tx) -> Result<access::Workspace> {
    TRY(auto existing, access::workspaces(tx));
    if (!existing.empty())
      return fail(ErrorKind::conflict, "already_set_up",
                  "This data folder is set up already: run `answerable serve`, or choose another with --data.");
    TRY(auto workspace, access::create_workspace(tx, access::system_actor({}), people.workspace));
    access::NewUser administrator;
    administrator.workspace = workspace.id;
    administrator.name = people.administrator_name;
    administrator.email = people.administrator_email;
    administrator.role = access::Role::administrator;
    administrator.password_hash = people.administrator_hash;
    administrator.must_change_password = people.must_change_password;
    TRY_STATUS(add_person(tx, administrator));
    if (people.demands_second_factor) {
      TRY_STATUS(access::demand_second_factor(tx, workspace.id));
      TRY_STATUS(access::demand_second_factor(tx, {}));
    }
    if (people.operator_email.empty()) return workspace;
    access::NewUser op;
    op.name = "Operator";
    op.email = people.operator_email;
    op.role = access::Role::operator_;
    op.password_hash = people.operator_hash;
    op.must_change_password = people.must_change_operator_password;
    TRY_STATUS(add_person(tx, op));
    return workspace;
  });
}

}  // namespace answerable::app
