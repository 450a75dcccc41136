// The drafts table as the files of this folder see it; who may is asked before.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/actor.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::conversations {

Result<std::optional<std::string>> find_draft_text(store::Session& session, const access::Actor& actor,
                                                   ConversationId conversation);
Status put_draft(store::Transaction& tx, const access::Actor& actor, ConversationId conversation, std::string_view text,
                 std::string_view kind);
Status drop_draft(store::Transaction& tx, const access::Actor& actor, ConversationId conversation);

}  // namespace answerable::conversations
