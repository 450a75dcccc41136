// Where the index keeps things; shared by its writer and its reader.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "store/session.h"

namespace answerable::conversations {

// SQLite: rowid = slot << slot_shift | seq. 2^23 workspaces, 2^40 events each.
inline constexpr int slot_shift = 40;

Result<std::optional<std::int64_t>> find_slot(store::Session& session, WorkspaceId workspace);
// While the message still says what it said when it was indexed.
Status remove_from_index(store::Transaction& tx, WorkspaceId workspace, MessageId message);

}  // namespace answerable::conversations
