#include "access/authorize.h"
#include "audit/ledger.h"
#include "conversations/change.h"
#include "conversations/conversation_table.h"
#include "conversations/list.h"

namespace answerable::conversations {
namespace {

struct NewStatus {
  ConversationStatus status = ConversationStatus::open;
  std::optional<Time> until = {};
  std::string_view act;
};

// What is so already stays as it is, without a trace.
Result<ConversationItem> move_to(store::Transaction& tx, const access::Actor& actor, ConversationItem item,
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

Result<ConversationItem> set_status(store::Transaction& tx, const access::Actor& actor, ConversationId id,
                                    const NewStatus& to) {
  TRY_STATUS(access::authorize(actor, "conversation", "set_status"));
  TRY(auto item, load_item(tx, actor.workspace, id));
  return move_to(tx, actor, std::move(item), to);
}

}  // namespace

Result<ConversationItem> close(store::Transaction& tx, const access::Actor& actor, ConversationId id) {
  return set_status(tx, actor, id, {.status = ConversationStatus::closed, .act = "conversation.close"});
}

Result<ConversationItem> reopen(store::Transaction& tx, const access::Actor& actor, ConversationId id) {
  return set_status(tx, actor, id, {.status = ConversationStatus::open, .act = "conversation.reopen"});
}

Result<ConversationItem> snooze(store::Transaction& tx, const access::Actor& actor, ConversationId id, Time until) {
  if (until <= tx.now() || until > tx.now() + snooze_max_ms)
    return fail(ErrorKind::invalid, "bad_snooze", "Snooze until a time in the future, at most a year ahead.");
  return set_status(tx, actor, id,
                    {.status = ConversationStatus::snoozed, .until = until, .act = "conversation.snooze"});
}

Status open_undelivered(store::Transaction& tx, WorkspaceId workspace, MessageId message) {
  TRY(const auto conversation,
      tx.find("select conversation_id from messages where workspace_id = $1 and id = $2 and author_kind <> 'system'",
              {workspace, message}, [](const store::Row& row) { return row.id<ConversationId>(0); }));
  if (!conversation) return {};
  TRY(auto item, load_item(tx, workspace, *conversation));
  const NewStatus open{.status = ConversationStatus::open, .act = "conversation.undelivered"};
  TRY_STATUS(move_to(tx, access::system_actor(workspace), std::move(item), open));
  return {};
}

Result<int> wake_snoozed(store::Transaction& tx, int limit) {
  TRY(auto due, tx.all("select workspace_id, id from conversations where status = 1 and snoozed_until <= $1 "
                       "order by snoozed_until limit $2",
                       {tx.now(), limit}, [](const store::Row& row) {
                         return std::pair(row.id<WorkspaceId>(0), row.id<ConversationId>(1));
                       }));
  for (const auto& [workspace, id] : due) {
    TRY(auto item, load_item(tx, workspace, id));
    TRY_STATUS(move_to(tx, access::system_actor(workspace), std::move(item),
                       {.status = ConversationStatus::open, .act = "conversation.wake"}));
  }
  return static_cast<int>(due.size());
}

Result<std::optional<Time>> next_wake(store::Session& session) {
  return session.find("select snoozed_until from conversations where status = 1 order by snoozed_until limit 1", {},
                      [](const store::Row& row) { return row.time(0); });
}

}  // namespace answerable::conversations
