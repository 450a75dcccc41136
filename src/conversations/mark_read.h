// Whether a conversation has something that nobody has read.
#pragma once

#include "access/actor.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

// No ledger entry: reading is not an act on record here (access/read_log.h is for that). Errors: denied, not_found
// "no_conversation".
Status mark_read(store::Transaction& tx, const access::Actor& actor, ConversationId id, bool is_unread);

}  // namespace answerable::conversations
