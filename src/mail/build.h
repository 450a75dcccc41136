// Builds the bytes of a mail that we send (RFC 5322, 2045-2049, 2231, 3676): CRLF, lines of at most 998 bytes, 7-bit
// but for addresses whose local part is not ASCII, which stand in the header as they are (RFC 6532). The same input
// gives the same bytes, so that every attempt of a delivery sends the same mail. Pure, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "mail/header_values.h"

namespace answerable::mail {

struct OutgoingAttachment {
  HeaderText filename;
  ContentType type;
  std::string content;
  std::optional<MessageIdText> content_id;  // set: shown inside the HTML by cid:
};

struct OutgoingMessage {
  MessageIdText message_id;
  std::optional<MessageIdText> in_reply_to;
  std::vector<MessageIdText> references;  // oldest first; trimmed to max_built_references, first and last ones kept
  Time date;
  Mailbox from;
  std::vector<Mailbox> to, cc, reply_to;
  HeaderText subject;
  std::string text;  // UTF-8, lines end in \n; sent as format=flowed
  std::string html;  // empty: plain text only
  std::vector<OutgoingAttachment> attachments;
  bool auto_submitted = false;  // adds Auto-Submitted (RFC 3834): auto-replied to a mail, else auto-generated
};

// Errors: "no_recipient", "too_many_recipients" (max_built_recipients), "invalid_text" (not UTF-8).
// Boundaries are derived from the Message-ID.
Result<std::string> build_message(const OutgoingMessage& message);

// The addresses of To and Cc, each once: the recipients of the envelope.
std::vector<std::string> envelope_recipients(const OutgoingMessage& message);

}  // namespace answerable::mail
