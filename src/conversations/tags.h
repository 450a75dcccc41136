// The tags of a conversation, and all tags of a workspace with how often they are used.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

// Replaces the tags. Blanks around are dropped, duplicates too; what is so already leaves no event and no entry.
// Returns the item as it is afterwards. Errors: denied, not_found "no_conversation", invalid "too_many_tags" /
// "bad_tag".
Result<ConversationItem> set_tags(store::Transaction& tx, const access::Actor& actor, ConversationId id,
                                  const std::vector<std::string>& tags);

struct TagCount {
  std::string tag;
  std::int64_t count = 0;
};
// In alphabetical order; of what the actor sees. Errors: denied.
Result<std::vector<TagCount>> list_tags(store::Session& session, const access::Actor& actor);

}  // namespace answerable::conversations
