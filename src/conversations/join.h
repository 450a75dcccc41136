// Joins a conversation to the one that is suggested for it: its messages move behind those of the target, in their
// order, with drafts, deliveries and what search knows of them. The conversation is no more; what it was stays in
// joined_conversations, and its id leads to the target for ever (reply tokens, addresses of the page).
#pragma once

#include "access/actor.h"
#include "base/id.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr std::int64_t joined_messages_max = 500;  // of one conversation: each is an event of its own

// The target, open and unread. Events: "conversation_joined" of what is no more, then "message_moved" for each message.
// Ledger: "conversation.join". Errors: denied, not_found "no_suggestion", conflict "too_long_to_join".
Result<ConversationItem> join_suggested(store::Transaction& tx, const access::Actor& actor,
                                        ConversationId conversation);

// The conversation that this one is part of now: itself, unless it was joined.
Result<ConversationId> current_conversation(store::Session& session, WorkspaceId workspace,
                                            ConversationId conversation);

}  // namespace answerable::conversations
