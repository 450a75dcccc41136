#include "access/workspace.h"

#include "access/authorize.h"
#include "access/record.h"
#include "base/random.h"
#include "base/utf8.h"

namespace answerable::access {
namespace {

constexpr std::size_t commitment_key_bytes = 32;

Workspace read_workspace(const store::Row& row) {
  return {.id = row.id<WorkspaceId>(0), .name = row.string(1), .created_at = row.time(2)};
}

}  // namespace

Result<Workspace> create_workspace(store::Transaction& tx, const Actor& by, std::string_view name) {
  TRY_STATUS(authorize(by, "workspace", "create"));
  if (name.empty() || name.size() > workspace_name_bytes_max || one_line(name, workspace_name_bytes_max) != name)
    return fail(ErrorKind::invalid, "name_invalid", "A workspace needs a name of one line and at most 120 bytes.");
  Workspace workspace{.id = WorkspaceId::make(tx.clock()), .name = std::string(name), .created_at = tx.now()};
  std::string key(commitment_key_bytes, '\0');
  fill_random(key.data(), key.size());
  TRY_STATUS(run(tx, "insert into workspaces (id, name, commitment_key, created_at) values ($1, $2, $3, $4)",
                 {workspace.id, workspace.name, store::Bytes{key}, workspace.created_at}));
  TRY_STATUS(record(tx, {.workspace = workspace.id,
                         .actor = by.for_ledger(),
                         .action = "workspace.create",
                         .object_kind = "workspace",
                         .object_id = workspace.id.text()}));
  return workspace;
}

Result<std::optional<Workspace>> find_workspace(store::Session& session, WorkspaceId id) {
  return session.find("select id, name, created_at from workspaces where id = $1", {id}, read_workspace);
}

Result<std::vector<Workspace>> workspaces(store::Session& session) {
  return session.all("select id, name, created_at from workspaces order by created_at, id", {}, read_workspace);
}

Result<std::string> load_commitment_key(store::Session& session, WorkspaceId id) {
  TRY(auto key, session.find("select commitment_key from workspaces where id = $1", {id},
                             [](const store::Row& row) { return std::string(row.bytes(0)); }));
  if (!key) return fail(ErrorKind::not_found, "workspace_unknown", "There is no such workspace.");
  return *std::move(key);
}

}  // namespace answerable::access
