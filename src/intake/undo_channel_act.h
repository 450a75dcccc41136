// Undoes what somebody did to a channel: one that was made or enabled accepts and sends nothing more, one that was
// disabled works again, settings are as they were. Only while the channel is as that act left it. Secrets that were
// replaced come back too, as long as what was written over is kept (access/overwritten.h).
#pragma once

#include <vector>

#include "access/overwritten.h"
#include "intake/channel.h"

namespace answerable::intake {

// `act` and what it wrote over, of the workspace of `by`. Errors: denied; conflict "changed_since", "not_undoable";
// those of update_channel().
Status undo_channel_act(store::Transaction& tx, ChannelDirectory& directory, const access::Actor& by,
                        const audit::Act& act, const std::vector<access::Overwritten>& fields);

}  // namespace answerable::intake
