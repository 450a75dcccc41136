#include "conversations/create_conversation.h"

#include "conversations/conversation_table.h"

namespace answerable::conversations {
namespace {

// Not by RETURNING: SQLite makes a table for the rows of each.
Result<std::int64_t> take_number(store::Transaction& tx, WorkspaceId workspace) {
  TRY_STATUS(
      tx.execute("insert into conversation_numbers (workspace_id, last_number) values ($1, 1) on conflict "
                 "(workspace_id) do update set last_number = conversation_numbers.last_number + 1",
                 {workspace}));
  return tx.number("select last_number from conversation_numbers where workspace_id = $1", {workspace});
}

}  // namespace

Result<ConversationId> create_conversation(store::Transaction& tx, const ConversationStart& start) {
  auto id = ConversationId::make(tx.clock());
  TRY(const auto number, take_number(tx, start.workspace));
  const bool has_message = !start.first_message.is_nil();
  TRY_STATUS(
      tx.execute("insert into conversations (workspace_id, id, number, channel_id, channel_kind, contact_id, "
                 "contact_name, contact_address, "
                 "subject, status, assignee_id, preview, last_message_id, last_message_at, last_message_direction, "
                 "unread, message_count, "
                 "tags, thread_key, version, created_at) values ($1, $2, $3, $4, $5, $6, coalesce((select case when "
                 "name = '' then "
                 "cast($7 as text) else name end from contacts where workspace_id = $1 and id = $6), $7), $8, $9, 0, "
                 "$10, $11, $12, $13, $14, "
                 "$15, $16, '', $17, 1, $13)",
                 {start.workspace, id, number, start.channel, start.channel_kind, start.contact, start.contact_name,
                  start.contact_address, start.subject, start.assignee, start.preview, start.first_message, tx.now(),
                  static_cast<int>(has_message ? Direction::inbound : Direction::outbound), has_message, has_message,
                  start.thread_key}));
  TRY_STATUS(count(tx, start.workspace,
                   {.status = ConversationStatus::open, .assignee = start.assignee, .channel = start.channel}, 1));
  return id;
}

}  // namespace answerable::conversations
