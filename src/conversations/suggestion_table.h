// What this folder's other actions do to a suggestion.
#pragma once

#include <string_view>

#include "access/actor.h"
#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::conversations {

// `decision`: "joined" or "dismissed".
Status decide_suggestion(store::Transaction& tx, const access::Actor& actor, ConversationId conversation,
                         std::string_view decision);

}  // namespace answerable::conversations
