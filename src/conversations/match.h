// What intake asks in order to find the conversation that an arriving message belongs to. Facts only; intake judges.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::conversations {

struct KnownMessage {
  std::string external_id;
  MessageId message;
  ConversationId conversation;
};

inline constexpr std::size_t references_looked_up_max = 32;

// Messages stored or sent under these external ids (without <>), newest reference last as given; at most
// references_looked_up_max of them, the last ones. Sent messages are found by what the outbox has recorded.
Result<std::vector<KnownMessage>> find_by_external_ids(store::Session& session, WorkspaceId workspace,
                                                       std::span<const std::string> external_ids);
// Inbound messages of one conversation under one external id, oldest first, at most `same_id_max`.
inline constexpr int same_id_max = 8;
Result<std::vector<MessageId>> find_in_conversation(store::Session& session, WorkspaceId workspace,
                                                    ConversationId conversation, std::string_view external_id);
// The conversation of a channel's own thread (a chat visitor's), if there is one.
Result<std::optional<ConversationId>> find_by_thread(store::Session& session, WorkspaceId workspace, ChannelId channel,
                                                     std::string_view thread_key);
// The other way round: what a channel may want to know of its thread. Nothing when the conversation has no thread.
struct ThreadState {
  ChannelId channel;
  std::string thread_key;
  bool is_unread = false;
  std::int64_t inbound_messages = 0;
};
Result<std::optional<ThreadState>> find_thread_state(store::Session& session, WorkspaceId workspace,
                                                     ConversationId conversation);
// Was the address proven to be the sender of a mail before (identify_contact with is_verified)?
Result<bool> was_proven(store::Session& session, WorkspaceId workspace, std::string_view address_key);
Result<bool> conversation_exists(store::Session& session, WorkspaceId workspace, ConversationId conversation);
// The address wrote in this conversation, or a message of it was addressed to it. Compared without regard to ASCII
// case. `contact` (nil: unknown) also counts when it is the conversation's contact.
Result<bool> takes_part(store::Session& session, WorkspaceId workspace, ConversationId conversation,
                        std::string_view address, ContactId contact = {});

}  // namespace answerable::conversations
