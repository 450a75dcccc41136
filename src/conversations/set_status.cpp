#include "conversations/set_status.h"

#include "access/authorize.h"
#include "conversations/conversation_table.h"
#include "conversations/list.h"

namespace answerable::conversations {
namespace {

Result<ConversationItem> load_and_set(store::Transaction& tx, const access::Actor& actor, ConversationId id,
                                      const NewStatus& to) {
  TRY_STATUS(access::authorize(actor, "conversation", "set_status"));
  TRY(auto item, load_item(tx, actor.workspace, id));
  return set_status(tx, actor, std::move(item), to);
}

}  // namespace

Result<ConversationItem> close(store::Transaction& tx, const access::Actor& actor, ConversationId id) {
  return load_and_set(tx, actor, id, {.status = ConversationStatus::closed, .act = "conversation.close"});
}

Result<ConversationItem> reopen(store::Transaction& tx, const access::Actor& actor, ConversationId id) {
  return load_and_set(tx, actor, id, {.status = ConversationStatus::open, .act = "conversation.reopen"});
}

Result<ConversationItem> set_status(store::Transaction& tx, const access::Actor& actor, ConversationItem item,
                                    const NewStatus& to) {
  if (item.status == to.status && item.snoozed_until == to.until) return item;
  TRY_STATUS(
      tx.execute("update conversations set status = $3, snoozed_until = $4, version = version + 1 "
                 "where workspace_id = $1 and id = $2",
                 {actor.workspace, item.id, static_cast<int>(to.status), to.until}));
  auto place = place_of(item);
  place.status = to.status;
  TRY_STATUS(move_count(tx, actor.workspace, place_of(item), place));
  TRY_STATUS(tell(tx, actor, {.workspace = actor.workspace, .kind = "conversation_changed", .conversation = item.id}));
  Details details;
  if (to.until) details.emplace_back("until", to_rfc3339(*to.until));
  TRY_STATUS(enter(tx, actor, to.act, item.id, std::move(details)));
  item.status = to.status;
  item.snoozed_until = to.until;
  ++item.version;
  return item;
}

}  // namespace answerable::conversations
