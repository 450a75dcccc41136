#include "outbox/hasten.h"

#include "outbox/delivery_row.h"

namespace answerable::outbox {

Status hasten_channel(store::Transaction& tx, WorkspaceId workspace, ChannelId channel) {
  return done(
      tx.execute("update deliveries set next_attempt_at = $3 where workspace_id = $1 and channel_id = $2 and state = 0 "
                 "and next_attempt_at > $3 and first_due_at <= $3",
                 {workspace, channel, tx.now()}));
}

}  // namespace answerable::outbox
