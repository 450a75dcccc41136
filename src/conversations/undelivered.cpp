#include "conversations/undelivered.h"

#include <utility>

#include "access/actor.h"
#include "conversations/list.h"
#include "conversations/set_status.h"

namespace answerable::conversations {

Status open_undelivered(store::Transaction& tx, WorkspaceId workspace, MessageId message) {
  TRY(const auto conversation,
      tx.find("select conversation_id from messages where workspace_id = $1 and id = $2 and author_kind <> 'system'",
              {workspace, message}, [](const store::Row& row) { return row.id<ConversationId>(0); }));
  if (!conversation) return {};
  TRY(auto item, load_item(tx, workspace, *conversation));
  TRY_STATUS(set_status(tx, access::system_actor(workspace), std::move(item),
                        {.status = ConversationStatus::open, .act = "conversation.undelivered"}));
  return {};
}

}  // namespace answerable::conversations
