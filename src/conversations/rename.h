// A conversation's subject, as an agent words it.
#pragma once

#include <string_view>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

// Line breaks become blanks; what is so already leaves no event and no entry. Returns the item as it is afterwards.
// Errors: denied, not_found "no_conversation", invalid "empty_subject" / "subject_too_long".
Result<ConversationItem> rename(store::Transaction& tx, const access::Actor& actor, ConversationId id,
                                std::string_view subject);

}  // namespace answerable::conversations
