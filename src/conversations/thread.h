// Opening a conversation: its item, newest messages, drafts. Three to five indexed statements whatever its length.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "conversations/drafts.h"
#include "conversations/message.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr int thread_page = 50;
inline constexpr int thread_page_max = 100;
inline constexpr std::size_t page_bytes_max = 4UL
                                              << 20;  // of text and HTML; a page ends after the message that passes it

struct MessagePage {
  std::vector<Message> messages;     // oldest first
  std::optional<std::int64_t> next;  // position to pass to messages_before; nothing: the beginning is reached
};

struct OpenConversation {
  ConversationItem item;
  MessagePage newest;
  bool contact_shows_quotes = false;    // contacts.h
  std::optional<Draft> draft;           // the actor's own
  std::vector<Draft> drafts_of_others;  // without their text
};

// Of one that was joined to another: that one. Errors: denied, not_found "no_conversation".
Result<OpenConversation> open_conversation(store::Session& session, const access::Actor& actor, ConversationId id);
// Messages with position < before, newest `limit` of them. Errors: denied, not_found, invalid "bad_limit".
Result<MessagePage> messages_before(store::Session& session, const access::Actor& actor, ConversationId id,
                                    std::int64_t before, int limit);
// The conversation in which a message stands now; a message with its state. Errors of both: not_found
// "no_message".
Result<ConversationId> conversation_of(store::Session& session, WorkspaceId workspace, MessageId id);
Result<Message> load_message(store::Session& session, WorkspaceId workspace, MessageId id);
// For events. Ids that do not exist are left out; in the order of `ids`.
Result<std::vector<Message>> load_messages(store::Session& session, WorkspaceId workspace,
                                           std::span<const MessageId> ids);

}  // namespace answerable::conversations
