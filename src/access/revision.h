// Names for the state of what is read with every message. Whoever keeps a copy of it in memory keeps the copy under
// this name, and every change of it renews the name in its own transaction. A name is never used twice, so nothing has
// to be told to anybody, on any node, and what a transaction that failed has left in memory is never found.
#pragma once

#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

using RevisionId = Id<struct RevisionTag>;

inline constexpr std::string_view senders_part = "senders";    // names and addresses that are the workspace's own
inline constexpr std::string_view measures_part = "measures";  // that hold or block what it sends or gets

// A part of a workspace that was never renewed has no row.
Status renew_revision(store::Transaction& tx, WorkspaceId workspace, std::string_view part);

}  // namespace answerable::access
