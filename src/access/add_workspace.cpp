#include "access/add_workspace.h"

#include "access/authorize.h"
#include "access/second_factor.h"

namespace answerable::access {

Result<AddedWorkspace> add_workspace(store::Transaction& tx, const Actor& by, const NewWorkspace& wanted) {
  TRY_STATUS(authorize(by, "workspace", "create"));
  TRY(const auto count, tx.number("select count(*) from workspaces", {}));
  if (count >= workspaces_max)
    return fail(ErrorKind::limited, "too_many_workspaces", "An installation has at most 1,000 workspaces.");
  AddedWorkspace added;
  TRY(added.workspace, create_workspace(tx, by, wanted.name));
  TRY(added.administrator, create_first_administrator(tx, by,
                                                      {.workspace = added.workspace.id,
                                                       .name = wanted.administrator_name,
                                                       .email = wanted.administrator_email,
                                                       .role = Role::administrator,
                                                       .password_hash = wanted.password_hash}));
  if (wanted.demands_second_factor) TRY_STATUS(demand_second_factor(tx, added.workspace.id));
  return added;
}

Result<std::vector<WorkspaceSummary>> list_workspaces(store::Session& session, const Actor& by) {
  TRY_STATUS(authorize(by, "workspace", "list"));
  return session.all(
      "select w.id, w.name, w.created_at, count(u.id) from workspaces w "
      "left join users u on u.workspace_id = w.id "
      "group by w.id, w.name, w.created_at order by w.created_at, w.id",
      {}, [](const store::Row& row) {
        return WorkspaceSummary{
            .workspace = {.id = row.id<WorkspaceId>(0), .name = row.string(1), .created_at = row.time(2)},
            .people = row.integer(3)};
      });
}

}  // namespace answerable::access
