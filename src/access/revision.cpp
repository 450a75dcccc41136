#include "access/revision.h"

namespace answerable::access {

Status renew_revision(store::Transaction& tx, WorkspaceId workspace, std::string_view part) {
  TRY_STATUS(
      tx.execute("insert into revisions (workspace_id, part, revision_id) values ($1, $2, $3) on conflict "
                 "(workspace_id, part) do update set revision_id = excluded.revision_id",
                 {workspace, part, RevisionId::make(tx.clock())}));
  return {};
}

}  // namespace answerable::access
