// After a restore from a backup: what was waiting when the backup was made may have left since, and the database has
// forgotten it.
#pragma once

#include <cstdint>
#include <functional>

#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::outbox {

// Whether what a channel sends leaves this installation. A chat's line does not: it stands in the same database and was
// restored with its delivery, so to write it again is to write it once.
using LeavesUs = std::function<bool(WorkspaceId, ChannelId)>;

// Makes what the workspace has waiting (queued, sending, held by a suspension) `unknown`: a person finds out, and
// resolves it or tries it again. To send it would be to send it twice without a word. What waits for a reviewer stays:
// a person decides about it anyhow. Event, attempt and ledger entry each. Returns how many.
Result<std::int64_t> doubt_waiting(store::Transaction& tx, WorkspaceId workspace, const LeavesUs& leaves_us);

}  // namespace answerable::outbox
