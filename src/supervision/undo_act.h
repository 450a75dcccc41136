// Acts that were done with somebody's access code by somebody else, undone from the incident where they are laid out:
// an assignment goes back to who had it, a conversation to how it stood, its subject and tags and what is said of a
// contact to what they were (conversations/overwritten.h, for 30 days), a person to the role of before, and whom the
// stranger let in is out. Only what is still as that act left it: what has changed since is somebody's decision. Texts
// that were sent cannot be called back; settings are for a person to put right.
#pragma once

#include <cstdint>
#include <string_view>

#include "access/incident.h"

namespace answerable::supervision {

// Whether acts of this name can be undone at all. One of them may still have written over nothing that is kept.
bool is_undoable(std::string_view action);

// By an administrator. What undoes it is an act of its own, in the ledger in that person's name, and in the timeline.
// Errors: denied, those of load_incident, conflict "incident_closed", not_found "act_unknown" (not one of those that
// are laid out), conflict "not_undoable", "changed_since".
Status undo_act(store::Transaction& tx, const access::Actor& by, access::IncidentId incident, std::int64_t seq);

}  // namespace answerable::supervision
