// What the ledger has of the words with which a person explains what was done to a conversation: a commitment under the
// key of its contact, whom they may speak of. The words themselves stand in the tables, where they can be erased.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/id.h"
#include "store/session.h"

namespace answerable::conversations {

// A detail of an audit::Act. Errors: not_found when there is no such conversation.
Result<std::pair<std::string, std::string>> commit_reason(store::Transaction& tx, WorkspaceId workspace,
                                                          ConversationId conversation, std::string_view reason);

}  // namespace answerable::conversations
