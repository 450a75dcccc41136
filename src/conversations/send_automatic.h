// The system writes to a customer by itself (an acknowledgement): a message of the conversation that answers nobody.
// What was unread stays unread, the list goes on to show what the customer wrote, and who waits still waits.
#pragma once

#include <string>

#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

struct AutomaticMessage {
  std::string to;
  std::string subject, text;  // valid UTF-8; the text is not blank
};

// Message, delivery, event and ledger entry, in the caller's transaction. The caller has asked policy. Errors: those of
// outbox::enqueue.
Status send_automatic(store::Transaction& tx, WorkspaceId workspace, const ConversationItem& item,
                      const AutomaticMessage& message);

}  // namespace answerable::conversations
