// The installation's tree over the workspaces' trees: the newest checkpoint of each ledger is entered into the
// installation's own ledger (the nil workspace), whose checkpoint so stands for all of them, and which alone needs
// holders outside.
#pragma once

#include <optional>
#include <string>

#include "audit/signing_key.h"
#include "store/database.h"

namespace answerable::audit {

inline constexpr int anchors_max = 500;  // entered in one transaction

// The checkpoint of a workspace's ledger that was entered last, and where.
struct Anchor {
  std::int64_t size = 0;  // of the workspace's ledger
  std::int64_t seq = 0;   // of the entry in the installation's
  std::string note;
};
Result<std::optional<Anchor>> find_anchor(store::Session& session, WorkspaceId workspace);

// Enters the newest checkpoints of the ledgers that have grown. Returns how many, at most anchors_max.
Result<int> anchor_checkpoints(store::Database& database);

}  // namespace answerable::audit
