// What waits to leave a workspace that was restored from a backup may have left since the backup was made.
#pragma once

#include "audit/epoch.h"
#include "base/id.h"
#include "intake/channel_directory.h"
#include "store/session.h"

namespace answerable::app {

// Makes it `unknown` (outbox/doubt.h), but for what goes into a chat: that is in the same database. Returns how many.
Result<std::int64_t> doubt_waiting(store::Transaction& tx, WorkspaceId workspace,
                                   const intake::ChannelDirectory& channels);
// The same for begin_epochs(). `channels` outlives it.
audit::OnRestored doubt_when_restored(const intake::ChannelDirectory& channels);

}  // namespace answerable::app
