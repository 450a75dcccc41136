#include "conversations/mark_read.h"

#include "access/authorize.h"
#include "conversations/conversation_table.h"
#include "conversations/list.h"

namespace answerable::conversations {

Status mark_read(store::Transaction& tx, const access::Actor& actor, ConversationId id, bool is_unread) {
  TRY_STATUS(access::authorize(actor, "conversation", "mark_read"));
  TRY(auto item, load_item(tx, actor.workspace, id));
  if (item.is_unread == is_unread) return {};
  TRY_STATUS(
      tx.execute("update conversations set unread = $3, version = version + 1 where workspace_id = $1 and id = $2",
                 {actor.workspace, id, is_unread}));
  return tell(tx, actor, {.workspace = actor.workspace, .kind = "conversation_changed", .conversation = id});
}

}  // namespace answerable::conversations
