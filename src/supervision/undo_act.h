// Acts that were done with somebody's access code by somebody else, undone from the incident where they are laid out:
// an assignment goes back to who had it, a conversation that was closed, snoozed or reopened goes back, and people whom
// the stranger let in are out. Only what is still as that act left it: what has changed since is somebody's decision.
// Texts that were sent cannot be called back, and what an act overwrote without the ledger keeping it (tags, subjects,
// settings) is for a person to put right.
#pragma once

#include <cstdint>
#include <string_view>

#include "access/incident.h"

namespace answerable::supervision {

// Whether acts of this name can be undone at all.
bool is_undoable(std::string_view action);

// By an administrator. What undoes it is an act of its own, in the ledger in that person's name, and in the timeline.
// Errors: denied, those of load_incident, conflict "incident_closed", not_found "act_unknown" (not one of those that
// are laid out), conflict "not_undoable", "changed_since".
Status undo_act(store::Transaction& tx, const access::Actor& by, access::IncidentId incident, std::int64_t seq);

}  // namespace answerable::supervision
