// The messages table as the files of this folder see it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "conversations/append_inbound.h"
#include "conversations/message.h"
#include "conversations/origin.h"
#include "store/session.h"

// The columns that read_message() reads, of messages m left joined with its delivery d.
#define ANSWERABLE_MESSAGE_COLUMNS                                                                                     \
  "m.id, m.conversation_id, m.position, m.direction, m.author_kind, m.author_id, m.author_name, m.from_address, "      \
  "m.recipients, m.copies, m.subject, m.body, m.reply_text, m.html, m.language, m.external_id, m.raw_key, m.sent_at, " \
  "m.created_at, m.auto_submitted, m.attachment_count, d.id, d.state, d.last_error, d.undo_until, d.attempts, "        \
  "d.external_id, d.seen_at, d.recipient_results, m.blind_copies, m.third_party, m.forwarded_id, m.shown_lines, "      \
  "m.withheld, m.findings"
#define ANSWERABLE_MESSAGES_AND_DELIVERIES \
  " from messages m left join deliveries d on d.workspace_id = m.workspace_id and d.message_id = m.id "

namespace answerable::conversations {

inline constexpr int message_columns = 35;

// deliveries.state as stored (outbox/delivery_row.h) in the words of the API; a dead delivery has failed for good.
std::string_view outbound_state(const store::Row& row, int column);

// A row to insert; views must live until insert_message returns.
struct MessageRow {
  WorkspaceId workspace;
  ConversationId conversation;
  std::int64_t position = 0;
  MessageId id;
  Direction direction = Direction::inbound;
  std::string_view author_kind, author_id, author_name, from_address;
  std::string recipients, copies, blind_copies = {};  // lines
  std::string_view subject, text;
  std::optional<std::string_view> reply_text;  // nothing: the same as text
  std::string_view html, language, external_id, raw_key;
  Time sent_at;
  bool is_auto_submitted = false;
  std::size_t attachment_count = 0;
  bool closed_conversation = false;
  std::optional<Time> ended_snooze = {};
  bool is_third_party = false;
  std::optional<MessageId> forwarded = {};
  const Origin* origin = nullptr;  // of what arrived
  Withheld withheld = Withheld::no;
};
Status insert_message(store::Transaction& tx, const MessageRow& message);
Status insert_attachments(store::Transaction& tx, WorkspaceId workspace, MessageId message,
                          const std::vector<NewAttachment>& attachments);

// Without its attachments and findings; has_more says whether add_more() would find some. Nothing of what a message
// says that is withheld.
Message read_message(const store::Row& row, Time now, bool* has_more = nullptr);
Status add_more(store::Session& session, WorkspaceId workspace, Message& message);
Status add_attachments(store::Session& session, WorkspaceId workspace, Message& message);
Attachment read_attachment(const store::Row& row, int first = 0);

}  // namespace answerable::conversations
