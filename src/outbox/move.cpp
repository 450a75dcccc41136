#include "outbox/move.h"

namespace answerable::outbox {

Status move_deliveries(store::Transaction& tx, WorkspaceId workspace, std::span<const MessageId> messages,
                       ConversationId to, std::int64_t shift) {
  for (auto message : messages)
    TRY_STATUS(
        tx.execute("update deliveries set conversation_id = $3, sequence = sequence + $4 "
                   "where workspace_id = $1 and message_id = $2",
                   {workspace, message, to, shift}));
  return {};
}

}  // namespace answerable::outbox
