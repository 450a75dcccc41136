// Puts a message into the outbox, in the transaction of the reply, and takes it out again while it has not begun to
// leave.
#pragma once

#include <string_view>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "outbox/delivery.h"
#include "store/session.h"

namespace answerable::outbox {

inline constexpr std::size_t recipients_max = 100;         // to, cc and bcc together
inline constexpr std::size_t outbound_text_max = 1 << 20;  // bytes of text, and of html

// Errors: invalid "too_many_recipients".
Status check_recipients(std::size_t count);

struct NewDelivery {
  OutboundMessage message;
  std::int64_t sequence =
      0;     // grows within a conversation: a later one never overtakes an earlier one that still may go
  Time due;  // now, or the end of the undo window
  std::optional<Time> undo_until;  // until then its author may take it back
  bool needs_review = false;       // is `held` until review.h says more
};

// The delivery is `queued`, or `held` when it needs a review, or when the workspace is suspended between the reply and
// this call's judgement.
// Writes no event of its own: the caller tells of the message. Errors: invalid "no_recipient", "too_many_recipients",
// "text_too_long".
Result<DeliveryId> enqueue(store::Transaction& tx, const NewDelivery& delivery);
// Takes a queued delivery back, before its undo_until and before its first attempt. Event message_changed, no ledger
// entry: the caller's act has one. Errors: not_found "no_delivery", conflict "too_late".
Status cancel(store::Transaction& tx, const access::Actor& actor, MessageId message);

}  // namespace answerable::outbox
