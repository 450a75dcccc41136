// What the outbox needs of a channel in order to let a message leave. Implemented in channels/, plugged in by app.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "outbox/delivery.h"
#include "outbox/recipient_results.h"
#include "store/session.h"

namespace answerable::outbox {

struct Rendered {
  std::string bytes;        // exactly what every attempt sends
  std::string external_id;  // Message-ID without <>, or the provider's idempotency key
};

enum class Outcome : std::uint8_t {
  sent,     // the other side has taken responsibility
  retry,    // it has not, for now (4xx, connection refused before the message was handed over)
  failed,   // it never will (5xx, bad recipient)
  unknown,  // the connection was lost after the last byte left and before the answer: it may have it
};

struct SendResult {
  Outcome outcome = Outcome::retry;
  std::string external_id;          // when the provider names one
  std::string detail;               // the other side's answer, one line
  std::int64_t retry_after_ms = 0;  // what the other side asked for; 0: our back-off
  // For whom the matter is settled, where not all recipients fared alike: `outcome` speaks of the others, or is `sent`
  // when there are none and somebody has it.
  RecipientResults recipients = {};
};

// What to do when nobody can say whether the other side has the message (connection lost, crash while sending).
enum class Ambiguity : std::uint8_t {
  repeat,  // at least once: the same bytes and id again, and the ambiguous attempt is on record
  stop,    // at most once: the delivery becomes `unknown` and waits for a person or a receipt
};

class Carrier {
 public:
  virtual ~Carrier() = default;
  virtual Ambiguity on_ambiguous() const { return Ambiguity::repeat; }
  // Deterministic and without I/O to the provider. Called once per delivery; its result is stored before `send`.
  virtual Result<Rendered> render(const OutboundMessage& message) = 0;
  // One attempt; blocks at most the carrier's own deadline. Called on an outbox thread.
  virtual SendResult send(const Delivery& delivery) = 0;
};

// Finds the carrier of a channel; nullptr when the channel is disabled or unknown (the delivery waits).
using FindCarrier = std::function<Carrier*(WorkspaceId, ChannelId)>;

// Called in the transaction that ends a delivery which has not left (failed, unknown, dead). Empty: nobody asks.
using Undelivered = std::function<Status(store::Transaction&, WorkspaceId, MessageId)>;

}  // namespace answerable::outbox
