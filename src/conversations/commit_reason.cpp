#include "conversations/commit_reason.h"

#include "audit/commitment_key.h"
#include "audit/ledger.h"
#include "conversations/list.h"

namespace answerable::conversations {

Result<std::pair<std::string, std::string>> commit_reason(store::Transaction& tx, WorkspaceId workspace,
                                                          ConversationId conversation, std::string_view reason) {
  TRY(const auto item, load_item(tx, workspace, conversation));
  TRY(const auto key, audit::commitment_key(tx, workspace, item.contact.text()));
  return std::pair(std::string("reason_commitment"), audit::commit_to(key, reason));
}

}  // namespace answerable::conversations
