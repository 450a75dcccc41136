// What a trouble that is over has kept back is due now, not when its back-off ends.
#pragma once

#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::outbox {

// Of this channel: all that is queued and was tried or postponed. What its author may still undo keeps its time.
Status hasten_channel(store::Transaction& tx, WorkspaceId workspace, ChannelId channel);

}  // namespace answerable::outbox
