#include "conversations/rename.h"

#include "access/authorize.h"
#include "access/overwritten.h"
#include "base/utf8.h"
#include "conversations/conversation_table.h"
#include "conversations/list.h"

namespace answerable::conversations {

Result<ConversationItem> rename(store::Transaction& tx, const access::Actor& actor, ConversationId id,
                                std::string_view subject) {
  TRY_STATUS(access::authorize(actor, "conversation", "rename"));
  if (subject.size() > subject_max_bytes)
    return fail(ErrorKind::invalid, "subject_too_long", "A subject has at most 998 bytes.");
  auto line = one_line(to_valid_utf8(subject), subject_max_bytes);
  if (line.empty()) return fail(ErrorKind::invalid, "empty_subject", "A subject has at least one character.");
  TRY(auto item, load_item(tx, actor.workspace, id));
  if (item.subject == line) return item;
  TRY_STATUS(
      tx.execute("update conversations set subject = $3, version = version + 1 where workspace_id = $1 and id = $2",
                 {actor.workspace, id, line}));
  TRY_STATUS(tell(tx, actor, {.workspace = actor.workspace, .kind = "conversation_changed", .conversation = id}));
  TRY_STATUS(access::enter_overwriting(tx,
                                       {.workspace = actor.workspace,
                                        .actor = actor.for_ledger(),
                                        .action = "conversation.rename",
                                        .object_kind = "conversation",
                                        .object_id = id.text()},
                                       {{"subject", item.subject, line}}));
  return load_item(tx, actor.workspace, id);
}

}  // namespace answerable::conversations
