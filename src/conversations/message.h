// A message as a screen shows it, its state joined from its delivery.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/id.h"
#include "conversations/conversation.h"
#include "conversations/withheld.h"
#include "outbox/recipient_results.h"
#include "policy/judge_content.h"

namespace answerable::conversations {

struct Attachment {
  AttachmentId id;
  MessageId message;     // nil while it is an upload that no message has taken
  std::string filename;  // as its sender wrote it: only ever shown, never a path
  std::string content_type;
  std::int64_t size = 0;  // bytes
  bool is_inline = false;
  std::string content_id;
  Digest blob{};
};

struct Author {
  std::string kind;  // "contact", "user", "api_key", "system"
  std::string id;    // text id; may be empty
  std::string name;  // of a contact who gave none: the address
};

struct Message {
  MessageId id;
  ConversationId conversation;
  std::int64_t position = 0;  // 1, 2, 3 … within the conversation; the cursor of older messages
  Direction direction = Direction::inbound;
  Author author;
  std::string text, reply_text, html, subject;
  std::string from_address;  // inbound
  std::vector<std::string> to, cc;
  std::vector<std::string> bcc;             // outbound: in no header, for colleagues' eyes only
  bool is_third_party = false;              // to or from one: participants.h
  std::optional<MessageId> forwarded;       // what it passes on to a third party
  std::optional<std::int64_t> shown_lines;  // an agent's word on what `reply_text` is: fold_message.h
  std::string external_id;                  // Message-ID without <>, once known
  std::string raw_key;                      // finds the raw bytes of an inbound message
  std::string language;
  Time sent_at;     // as its sender says (inbound), or when it was written
  Time created_at;  // when we stored it
  bool is_auto_submitted = false;
  // received, note, queued, sending, sent, delivered, failed, unknown, cancelled, held. A dead delivery reads "failed".
  std::string state;
  std::string state_detail;                    // the other side's answer, when there is one
  DeliveryId delivery;                         // nil but for outbound
  outbox::RecipientResults failed_recipients;  // who will not get it, while others may have it
  std::optional<Time> undo_until;              // only while it can be taken back
  std::optional<Time> seen_at;                 // the other side has read it, where the channel tells
  std::vector<Attachment> attachments;
  Withheld withheld = Withheld::no;           // text, subject and attachments are empty then
  std::vector<policy::KeptFinding> findings;  // of the rules on content
};

}  // namespace answerable::conversations
