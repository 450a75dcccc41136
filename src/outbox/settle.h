// What ends or revives a delivery from outside: bounces and read marks of the other side, and an administrator's
// decision.
#pragma once

#include <string_view>

#include "access/actor.h"
#include "base/result.h"
#include "outbox/delivery.h"
#include "outbox/recipient_results.h"
#include "store/session.h"

namespace answerable::outbox {

// The other side returned it: `failed`, whatever it was but cancelled. Of a message to several the `returned` addresses
// are put on record, and the state stays until it came back from all of them; none named: from all. Event
// message_changed, ledger entry. An address may be named in several spellings: who was not written to is left out where
// somebody is who was. A repeated bounce changes nothing: false. Errors: not_found "no_delivery".
Result<bool> record_bounce(store::Transaction& tx, WorkspaceId workspace, MessageId message, std::string_view detail,
                           const RecipientResults& returned = {});
// The other side has read it: `delivered` and seen now, from sending, sent or unknown. Never goes back from failed or
// cancelled. Event message_changed.
Status record_seen(store::Transaction& tx, WorkspaceId workspace, MessageId message);

// Tries a failed, unknown or dead delivery again, with the same bytes and id. `author` is who wrote the message (nil:
// nobody): authors may retry their own, supervisors all. Errors: denied, not_found "no_delivery", conflict
// "not_retryable".
Status retry(store::Transaction& tx, const access::Actor& actor, DeliveryId delivery, UserId author = {});
// Says what became of an `unknown` one: `sent` or `failed`. Errors: denied, invalid "bad_resolution", conflict
// "not_unknown".
Status resolve(store::Transaction& tx, const access::Actor& actor, DeliveryId delivery, DeliveryState as);
// The delivery of a message; for "try again" on a message. Errors: not_found "no_delivery".
Result<DeliveryId> load_delivery_of(store::Session& session, WorkspaceId workspace, MessageId message);

}  // namespace answerable::outbox
