#include "conversations/snooze.h"

#include <utility>

#include "access/authorize.h"
#include "conversations/list.h"
#include "conversations/set_status.h"

namespace answerable::conversations {

Result<ConversationItem> snooze(store::Transaction& tx, const access::Actor& actor, ConversationId id, Time until) {
  TRY_STATUS(access::authorize(actor, "conversation", "set_status"));
  if (until <= tx.now() || until > tx.now() + snooze_max_ms)
    return fail(ErrorKind::invalid, "bad_snooze", "Snooze until a time in the future, at most a year ahead.");
  TRY(auto item, load_item(tx, actor.workspace, id));
  return set_status(tx, actor, std::move(item),
                    {.status = ConversationStatus::snoozed, .until = until, .act = "conversation.snooze"});
}

Result<int> wake_snoozed(store::Transaction& tx, int limit) {
  TRY(auto due, tx.all("select workspace_id, id from conversations where status = 1 and snoozed_until <= $1 "
                       "order by snoozed_until limit $2",
                       {tx.now(), limit}, [](const store::Row& row) {
                         return std::pair(row.id<WorkspaceId>(0), row.id<ConversationId>(1));
                       }));
  for (const auto& [workspace, id] : due) {
    TRY(auto item, load_item(tx, workspace, id));
    TRY_STATUS(set_status(tx, access::system_actor(workspace), std::move(item),
                          {.status = ConversationStatus::open, .act = "conversation.wake"}));
  }
  return static_cast<int>(due.size());
}

Result<std::optional<Time>> next_wake(store::Session& session) {
  return session.find("select snoozed_until from conversations where status = 1 order by snoozed_until limit 1", {},
                      [](const store::Row& row) { return row.time(0); });
}

}  // namespace answerable::conversations
