// Writes the row of a new conversation: its number, its place in the counters. With no first message it is empty; the
// caller's next step writes one.
#pragma once

#include <string_view>

#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

struct ConversationStart {
  WorkspaceId workspace;
  ChannelId channel;
  std::string_view channel_kind;
  ContactId contact;
  std::string_view contact_name;  // used when the contact has no name
  std::string_view contact_address;
  std::string_view subject;  // one line
  UserId assignee = {};
  std::string_view thread_key = {};
  // Of the first message, when it came from outside.
  std::string_view preview = {};
  MessageId first_message = {};
};

Result<ConversationId> create_conversation(store::Transaction& tx, const ConversationStart& start);

}  // namespace answerable::conversations
