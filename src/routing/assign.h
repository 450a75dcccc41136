// Who answers: taking, assigning, handing over, giving back. The only place that changes an assignee. A claim is a
// conditional update, so that of two who take at once one gets the conversation and the other learns it.
#pragma once

#include "access/actor.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::routing {

// The actor takes an unassigned conversation; taking what one has already is a success.
// Errors: denied, not_found "no_conversation", conflict "already_assigned".
Result<conversations::ConversationItem> take(store::Transaction& tx, const access::Actor& actor, ConversationId id);
// To somebody else, or (nil) to nobody. Errors: denied, not_found, invalid "no_such_agent" (unknown or not active).
Result<conversations::ConversationItem> assign(store::Transaction& tx, const access::Actor& actor, ConversationId id,
                                               UserId assignee);

}  // namespace answerable::routing
