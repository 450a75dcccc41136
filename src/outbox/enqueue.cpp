#include "outbox/enqueue.h"

#include "access/authorize.h"
#include "outbox/delivery_row.h"
#include "outbox/payload.h"
#include "policy/judge.h"

namespace answerable::outbox {

Status check_recipients(std::size_t count) {
  if (count <= recipients_max) return {};
  return fail(ErrorKind::invalid, "too_many_recipients",
              "A message goes to at most 100 people, To, Cc and Bcc together: take some out.");
}

Result<DeliveryId> enqueue(store::Transaction& tx, const NewDelivery& delivery) {
  const auto& message = delivery.message;
  if (message.to.empty()) return fail(ErrorKind::invalid, "no_recipient", "The message has nobody to go to.");
  TRY_STATUS(check_recipients(message.to.size() + message.cc.size() + message.bcc.size()));
  if (message.text.size() > outbound_text_max || message.html.size() > outbound_text_max)
    return fail(ErrorKind::invalid, "text_too_long", "The text is longer than 1 MiB: shorten it.");
  TRY(auto suspension, policy::find_suspension(tx, message.workspace, policy::Scope::sending));
  auto id = DeliveryId::make(tx.clock());
  auto state = to_stored(suspension || delivery.needs_review ? DeliveryState::held : DeliveryState::queued);
  auto payload = encode_payload(message);
  TRY_STATUS(
      tx.execute("insert into deliveries (workspace_id, id, message_id, conversation_id, channel_id, sequence, "
                 "recipient, state, attempts, "
                 "ambiguous_attempts, first_due_at, next_attempt_at, undo_until, lease_holder, lease_until, fence, "
                 "begun, external_id, "
                 "last_error, created_at, payload, review) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9, $9, $10, "
                 "'', 0, 0, 0, '', '', $11, $12, $13)",
                 {message.workspace, id, message.message, message.conversation, message.channel, delivery.sequence,
                  message.to.front(), state, delivery.due, delivery.undo_until, tx.now(), store::Bytes{payload},
                  delivery.needs_review}));
  return id;
}

Status cancel(store::Transaction& tx, const access::Actor& actor, MessageId message) {
  TRY(auto row, find_row_of(tx, actor.workspace, message));
  if (!row) return fail(ErrorKind::not_found, "no_delivery", "This message does not leave.");
  const bool has_waited = row->state == DeliveryState::queued || row->state == DeliveryState::held;
  if (!has_waited || row->attempts > 0 || !row->undo_until || *row->undo_until <= tx.now())
    return fail(ErrorKind::conflict, "too_late", "It is on its way already and cannot be taken back.");
  TRY(auto changed, tx.execute("update deliveries set state = 15, settled_at = $3 "
                               "where workspace_id = $1 and id = $2 and state in (0, 2) and attempts = 0",
                               {row->workspace, row->id, tx.now()}));
  if (changed == 0) return fail(ErrorKind::conflict, "too_late", "It is on its way already and cannot be taken back.");
  TRY_STATUS(let_next_go(tx, *row));
  return tell_changed(tx, actor, *row);
}

}  // namespace answerable::outbox
