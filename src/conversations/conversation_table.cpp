#include "conversations/conversation_table.h"

#include "audit/ledger.h"
#include "cluster/event_log.h"
#include "conversations/lines.h"
#include "conversations/list.h"
#include "conversations/message_table.h"

namespace answerable::conversations {

namespace {

// What somebody has to look into.
std::string_view undelivered(const store::Row& row, int column) {
  const auto state = outbound_state(row, column);
  return state == "failed" || state == "unknown" ? state : std::string_view();
}

}  // namespace

ConversationItem read_item(const store::Row& row, int first) {
  return {.id = row.id<ConversationId>(first),
          .number = row.integer(first + 1),
          .subject = row.string(first + 2),
          .status = static_cast<ConversationStatus>(row.integer(first + 3)),
          .snoozed_until = row.maybe_time(first + 4),
          .channel = row.id<ChannelId>(first + 5),
          .channel_kind = row.string(first + 6),
          .contact = row.id<ContactId>(first + 7),
          .contact_name = row.string(first + 8),
          .contact_address = row.string(first + 9),
          .assignee = row.id<UserId>(first + 10),
          .preview = row.string(first + 11),
          .last_message_at = row.time(first + 12),
          .last_message_direction = static_cast<Direction>(row.integer(first + 13)),
          .last_message = row.id<MessageId>(first + 14),
          .is_unread = row.flag(first + 15),
          .message_count = row.integer(first + 16),
          .tags = from_lines(row.text(first + 17)),
          .version = row.integer(first + 18),
          .created_at = row.time(first + 19),
          .undelivered = undelivered(row, first + 21),
          .suggested_join = row.maybe_id<ConversationId>(first + 20)};
}

Result<std::optional<ConversationItem>> find_item(store::Session& session, WorkspaceId workspace, ConversationId id) {
  return session.find("select " ANSWERABLE_ITEM_COLUMNS " from conversations c where c.workspace_id = $1 and c.id = $2",
                      {workspace, id}, [](const store::Row& row) { return read_item(row); });
}

Result<ConversationItem> load_item(store::Session& session, WorkspaceId workspace, ConversationId id) {
  TRY(auto item, find_item(session, workspace, id));
  if (!item) return fail(ErrorKind::not_found, "no_conversation", "There is no such conversation.");
  return *std::move(item);
}

Status require_version(store::Session& session, WorkspaceId workspace, ConversationId id, std::int64_t version) {
  TRY(const auto item, load_item(session, workspace, id));
  if (item.version == version) return {};
  return fail(ErrorKind::conflict, "version_mismatch", "It has changed meanwhile: load it again, then decide.");
}

Result<std::vector<ConversationItem>> load_items(store::Session& session, WorkspaceId workspace,
                                                 std::span<const ConversationId> ids) {
  std::vector<ConversationItem> items;
  items.reserve(ids.size());
  for (auto id : ids) {
    TRY(auto item, find_item(session, workspace, id));
    if (item) items.push_back(*std::move(item));
  }
  return items;
}

Status count(store::Transaction& tx, WorkspaceId workspace, const Place& place, int change) {
  TRY_STATUS(
      tx.execute("insert into conversation_counts (workspace_id, status, assignee_id, channel_id, amount) "
                 "values ($1, $2, $3, $4, $5) on conflict (workspace_id, status, assignee_id, channel_id) "
                 "do update set amount = conversation_counts.amount + excluded.amount",
                 {workspace, static_cast<int>(place.status), place.assignee, place.channel, change}));
  return {};
}

Status move_count(store::Transaction& tx, WorkspaceId workspace, const Place& from, const Place& to) {
  if (from == to) return {};
  TRY_STATUS(count(tx, workspace, from, -1));
  return count(tx, workspace, to, 1);
}

Status tell(store::Transaction& tx, const access::Actor& actor, const Told& told) {
  auto actor_id = actor.id_text();
  TRY_STATUS(cluster::append_event(tx, {.workspace = told.workspace,
                                        .kind = told.kind,
                                        .conversation = told.conversation,
                                        .message = told.message,
                                        .actor_kind = actor.kind_name(),
                                        .actor_id = actor_id}));
  return {};
}

Status enter(store::Transaction& tx, const access::Actor& actor, std::string_view action, ConversationId conversation,
             Details details) {
  TRY_STATUS(audit::append_entry(tx, {.workspace = actor.workspace,
                                      .actor = actor.for_ledger(),
                                      .action = action,
                                      .object_kind = "conversation",
                                      .object_id = conversation.text(),
                                      .details = std::move(details)}));
  return {};
}

Result<bool> set_assignee(store::Transaction& tx, const ConversationItem& item, WorkspaceId workspace,
                          UserId assignee) {
  TRY(auto changed, tx.execute("update conversations set assignee_id = $4, version = version + 1 "
                               "where workspace_id = $1 and id = $2 and assignee_id = $3",
                               {workspace, item.id, item.assignee, assignee}));
  if (changed == 0) return false;
  auto from = place_of(item);
  auto to = from;
  to.assignee = assignee;
  TRY_STATUS(move_count(tx, workspace, from, to));
  return true;
}

}  // namespace answerable::conversations
