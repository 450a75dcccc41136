// The event "policy_changed": what binds a workspace, or stands against it, is another now; screens read it again.
#pragma once

#include "access/actor.h"
#include "base/result.h"
#include "cluster/event_log.h"
#include "store/session.h"

namespace answerable::policy {

inline Status tell_changed(store::Transaction& tx, const access::Actor& by, WorkspaceId workspace) {
  TRY_STATUS(cluster::append_event(tx, {.workspace = workspace,
                                        .kind = "policy_changed",
                                        .conversation = {},
                                        .message = {},
                                        .actor_kind = by.kind_name(),
                                        .actor_id = by.id_text()}));
  return {};
}

}  // namespace answerable::policy
