#include "policy/end_holds.h"

namespace answerable::policy {

Status end_holds_of(store::Transaction& tx, WorkspaceId workspace, MessageId message, bool is_released) {
  TRY(const auto holds, tx.all("select m.id from policy_measures m join content_hits h on h.workspace_id = "
                               "m.workspace_id and h.measure_id = m.id where h.workspace_id = $1 and h.message_id = $2 "
                               "and m.kind = 'hold' and m.ended_as = ''",
                               {workspace, message}, [](const store::Row& row) { return row.id<MeasureId>(0); }));
  for (const auto id : holds)
    TRY_STATUS(end_measure(tx, access::system_actor(workspace), workspace, id, is_released ? "dismissed" : "cured"));
  return {};
}

}  // namespace answerable::policy
