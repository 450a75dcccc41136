// An internal note: seen by colleagues, never leaves.
#pragma once

#include <string>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/message.h"
#include "store/session.h"

namespace answerable::conversations {

struct NewNote {
  ConversationId conversation;
  std::string text;
  std::vector<AttachmentId> attachments = {};
  bool should_close = false;
};

// Does not reopen, does not mark unread. Errors as send_reply.
Result<Message> add_note(store::Transaction& tx, const access::Actor& actor, const NewNote& note);

}  // namespace answerable::conversations
