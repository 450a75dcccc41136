// The compact range at the last checkpoint, stored so that the sealer need not read a whole ledger when it starts. A
// cache: it is believed only if its root is the one that was signed.
#pragma once

#include <optional>

#include "audit/merkle.h"
#include "store/session.h"

namespace answerable::audit {

// Nothing when there is none or its row makes no sense.
Result<std::optional<CompactRange>> find_frontier(store::Session& session, WorkspaceId workspace);
Status save_frontier(store::Transaction& tx, WorkspaceId workspace, const CompactRange& range);

}  // namespace answerable::audit
