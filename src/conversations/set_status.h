// Closing and reopening a conversation; snoozing it is in snooze.h. What is so already changes nothing and leaves no
// event and no entry. All return the item as it is afterwards.
#pragma once

#include <optional>
#include <string_view>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

// Errors: denied, not_found "no_conversation".
Result<ConversationItem> close(store::Transaction& tx, const access::Actor& actor, ConversationId id);
Result<ConversationItem> reopen(store::Transaction& tx, const access::Actor& actor, ConversationId id);

// For the actions of this folder, which have asked whether the actor may.
struct NewStatus {
  ConversationStatus status = ConversationStatus::open;
  std::optional<Time> until = {};  // of a snooze
  std::string_view act;            // as the ledger calls it
};
Result<ConversationItem> set_status(store::Transaction& tx, const access::Actor& actor, ConversationItem item,
                                    const NewStatus& to);

}  // namespace answerable::conversations
