// Rules on content and composed roles, as undo_act.h puts them back: one that was made is switched off (a rule) or
// deleted (a role that nobody has), one that was changed is as before, one that was deleted is made again.
#pragma once

#include "access/actor.h"
#include "store/session.h"
#include "supervision/done_act.h"

namespace answerable::supervision {

Status undo_rule_made(store::Transaction& tx, const access::Actor& by, const DoneAct& done);
Status undo_rule_change(store::Transaction& tx, const access::Actor& by, const DoneAct& done);
Status undo_rule_end(store::Transaction& tx, const access::Actor& by, const DoneAct& done);
// A role that somebody has by now: conflict "role_in_use".
Status undo_role_made(store::Transaction& tx, const access::Actor& by, const DoneAct& done);
Status undo_role_change(store::Transaction& tx, const access::Actor& by, const DoneAct& done);
Status undo_role_end(store::Transaction& tx, const access::Actor& by, const DoneAct& done);

}  // namespace answerable::supervision
