// A workspace: one company's people, channels and conversations. Nothing crosses from one to another.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr std::size_t workspace_name_bytes_max = 120;

struct Workspace {
  WorkspaceId id;
  std::string name;
  Time created_at;
};

// By the operator (or the system, when an installation is set up). Errors: invalid "name_invalid".
Result<Workspace> create_workspace(store::Transaction& tx, const Actor& by, std::string_view name);
Result<std::optional<Workspace>> find_workspace(store::Session& session, WorkspaceId id);
Result<std::vector<Workspace>> workspaces(store::Session& session);
// The key of the workspace's commitments in the ledger (audit::commit_to): 32 secret bytes.
Result<std::string> load_commitment_key(store::Session& session, WorkspaceId id);

}  // namespace answerable::access
