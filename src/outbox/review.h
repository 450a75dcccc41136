// What becomes of a delivery that waits for a reviewer: it leaves, in its order, or never.
#pragma once

#include <string_view>

#include "access/actor.h"
#include "base/result.h"
#include "outbox/delivery_row.h"
#include "store/session.h"

namespace answerable::outbox {

// The caller has asked who may. Released: back to the queue, at once due; a suspension still holds it. Rejected: failed
// for good, with the reason, and not to be tried again. Event message_changed. Errors: not_found "no_delivery";
// conflict "not_in_review": taken back by its author meanwhile, or decided before.
Status end_review(store::Transaction& tx, const access::Actor& actor, MessageId message, bool is_released,
                  std::string_view reason);
// It was taken down: what waits does not leave, what is being sent is not sent again, nothing can be tried again. No
// delivery: nothing.
Status stop_delivery(store::Transaction& tx, WorkspaceId workspace, MessageId message);
// It was put back: what had waited waits again, for a reviewer if it did; what had failed before stays so.
Status resume_delivery(store::Transaction& tx, WorkspaceId workspace, MessageId message);
Result<bool> is_rejected(store::Session& session, const DeliveryRow& row);

}  // namespace answerable::outbox
