// Acts that were done with somebody's access code by somebody else, undone from the incident where they are laid out:
// an assignment goes back to who had it, a conversation to how it stood, its subject and tags and what is said of a
// contact to what they were (access/overwritten.h, for 30 days), a person to the role of before, and whom the stranger
// let in is out; rules on content, composed roles and channels are as before. Only what is still as that act left it:
// what has changed since is somebody's decision. Texts that were sent cannot be called back, and drafts are no acts.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "access/incident.h"
#include "access/overwritten.h"

namespace answerable::supervision {

// Whether acts of this name can be undone at all. One of them may still have written over nothing that is kept.
bool is_undoable(std::string_view action);

// Undoes an act on a channel, which this folder does not know (intake/undo_channel_act.h).
using UndoChannelAct =
    std::function<Status(store::Transaction&, const audit::Act&, const std::vector<access::Overwritten>&)>;

// By an administrator. What undoes it is an act of its own, in the ledger in that person's name, and in the timeline.
// Errors: denied, those of load_incident, conflict "incident_closed", not_found "act_unknown" (not one of those that
// are laid out), conflict "not_undoable", "changed_since".
Status undo_act(store::Transaction& tx, const access::Actor& by, access::IncidentId incident, std::int64_t seq,
                const UndoChannelAct& undo_channel);

}  // namespace answerable::supervision
