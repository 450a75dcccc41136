// Deliveries follow their messages when a conversation is joined to another.
#pragma once

#include <span>

#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::outbox {

// Those of `messages`, as far as they have one. `shift`: by how much their positions grew.
Status move_deliveries(store::Transaction& tx, WorkspaceId workspace, std::span<const MessageId> messages,
                       ConversationId to, std::int64_t shift);

}  // namespace answerable::outbox
