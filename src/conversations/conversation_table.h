// The conversations table as the files of this folder see it: reading items, keeping the counters, telling what
// changed.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

// The columns that read_item() reads, of the table named or aliased c.
#define ANSWERABLE_ITEM_COLUMNS                                                                                        \
  "c.id, c.number, c.subject, c.status, c.snoozed_until, c.channel_id, c.channel_kind, c.contact_id, c.contact_name, " \
  "c.contact_address, c.assignee_id, c.preview, c.last_message_at, c.last_message_direction, c.last_message_id, "      \
  "c.unread, "                                                                                                         \
  "c.message_count, c.tags, c.version, c.created_at, c.suggested_id, "                                                 \
  "case c.last_message_direction when 1 then (select d.state from deliveries d where d.workspace_id = c.workspace_id " \
  "and d.message_id = c.last_message_id) end"

namespace answerable::conversations {

inline constexpr int item_columns = 22;

ConversationItem read_item(const store::Row& row, int first = 0);
Result<std::optional<ConversationItem>> find_item(store::Session& session, WorkspaceId workspace, ConversationId id);

// What the counters are kept by.
struct Place {
  ConversationStatus status = ConversationStatus::open;
  UserId assignee;
  ChannelId channel;
  bool operator==(const Place&) const = default;
};
inline Place place_of(const ConversationItem& item) {
  return {.status = item.status, .assignee = item.assignee, .channel = item.channel};
}
Status count(store::Transaction& tx, WorkspaceId workspace, const Place& place, int change);
Status move_count(store::Transaction& tx, WorkspaceId workspace, const Place& from, const Place& to);

// Who is named in events and entries.
struct Told {
  WorkspaceId workspace;
  std::string_view kind;
  ConversationId conversation;
  std::optional<MessageId> message = {};
};
Status tell(store::Transaction& tx, const access::Actor& actor, const Told& told);

using Details = std::vector<std::pair<std::string, std::string>>;
// A ledger entry about a conversation.
Status enter(store::Transaction& tx, const access::Actor& actor, std::string_view action, ConversationId conversation,
             Details details = {});

// Changes the assignee, if it is still `item.assignee`, with counters and version; false when somebody was faster. No
// event, no entry: routing, which alone may call this, writes them.
Result<bool> set_assignee(store::Transaction& tx, const ConversationItem& item, WorkspaceId workspace, UserId assignee);

}  // namespace answerable::conversations
