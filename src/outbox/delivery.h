// A delivery: one message that must leave through one channel to one recipient. Written in the transaction of the
// reply.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/id.h"
#include "outbox/recipient_results.h"

namespace answerable::outbox {

// queued → sending → sent | failed (retry: back to queued) | unknown | dead; cancelled from queued; held ↔ queued
// (policy).
enum class DeliveryState : std::uint8_t { queued, sending, sent, delivered, failed, unknown, dead, cancelled, held };
std::string_view to_string(DeliveryState state);
std::optional<DeliveryState> parse_delivery_state(std::string_view text);

struct OutboundAttachment {
  std::string filename;
  std::string content_type;
  std::int64_t size = 0;
  Digest blob{};
  std::string content_id;  // without <>; not empty: a picture that belongs where the text says "[filename]"
};

// The message that is answered, for a carrier that repeats it below the answer.
struct QuotedMessage {
  std::string author_name, from_address;
  Time sent_at;
  std::string text;      // what its author wrote then, of at most quoted_text_max bytes
  std::string language;  // ISO 639-1; empty when nobody has found out
};
inline constexpr std::size_t quoted_text_max = 33UL * 1024;  // more than any carrier shows

// What is to be said, in no protocol's terms. A Carrier renders it once; the rendered bytes are stored before the first
// attempt.
struct OutboundMessage {
  WorkspaceId workspace;
  ChannelId channel;
  ConversationId conversation;
  MessageId message;  // also the idempotency key, and the left part of a mail's Message-ID
  std::string author_name;
  std::vector<std::string> to;  // addresses in the channel's form: mail addresses, or one visitor id
  std::vector<std::string> cc;
  std::vector<std::string> bcc;  // get it like the others, and stand in no header
  std::string recipient_name;
  std::string subject;
  std::string text;                     // UTF-8, \n
  std::string html;                     // safe HTML or empty
  std::string in_reply_to;              // external id of the message answered, without <>, or empty
  std::vector<std::string> references;  // oldest first, without <>
  std::vector<OutboundAttachment> attachments;
  bool auto_submitted = false;  // an automatic answer (RFC 3834)
  Time created_at;
  std::optional<QuotedMessage> quoted;

  std::vector<std::string> recipients() const;  // of to, cc and bcc, each once
};

struct Attempt {
  Time at;
  std::string result;  // "sent", "retry", "failed", "unknown"
  std::string detail;
};

struct Delivery {
  DeliveryId id;
  OutboundMessage message;
  DeliveryState state = DeliveryState::queued;
  std::int64_t attempts = 0;
  Time next_attempt_at;
  std::string rendered;     // empty until the Carrier rendered it; then never changes
  std::string external_id;  // the provider's or the mail's Message-ID, once rendered or sent
  std::string last_error;
  RecipientResults recipients;  // for whom earlier attempts have settled it: they get nothing more
  std::int64_t fence = 0;       // of the lease under which it is being sent
};

}  // namespace answerable::outbox
