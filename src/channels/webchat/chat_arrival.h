// A visitor's message as an arrival, and back.
#pragma once

#include <vector>

#include "channels/webchat/transcript.h"
#include "intake/arrival.h"

namespace answerable::channels::webchat {

// Named by visitor and client id; ordered by visitor. The raw bytes are ours: JSON with all that is needed to read it
// again.
intake::Arrival chat_arrival(const VisitorSession& visitor, const MessageFrame& frame,
                             const std::vector<StoredFile>& files, Time now);

// Errors: invalid "chat_unreadable".
Result<intake::InboundMessage> normalise_chat(const intake::Arrival& arrival);

}  // namespace answerable::channels::webchat
