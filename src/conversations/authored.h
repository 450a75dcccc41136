// What replies and notes have in common: a message of a colleague is checked, then written with the conversation's new
// state.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "conversations/conversation_table.h"
#include "conversations/message.h"
#include "outbox/delivery.h"
#include "policy/judge_content.h"
#include "store/session.h"

namespace answerable::conversations {

struct Authored {
  Direction direction = Direction::note;
  std::string text;  // valid UTF-8
  std::string html = {};
  std::string subject = {};
  std::vector<std::string> to = {}, cc = {}, bcc = {};
  std::string recipient_name = {};  // of the first in `to`
  std::vector<Attachment> uploads = {};
  std::vector<Attachment> copied = {};  // of other messages, which keep theirs
  bool is_third_party = false;          // participants.h
  std::optional<MessageId> forwarded = {};
  std::optional<std::string> comment = {};  // of `text`, what its author wrote; nothing: all
  bool should_close = false;
  int undo_seconds = 0;                              // outbound: how long it can be taken back
  bool is_automatic = false;                         // outbound: nobody wrote it, so nobody has answered
  std::optional<outbox::QuotedMessage> quoted = {};  // outbound: what it answers, which leaves with it
  // Outbound: judge_outgoing.h. Nothing leaves without it: dispatch_reply() aborts.
  std::optional<policy::ContentJudgement> judged = {};
};

// Errors: invalid "empty_text", "text_too_long".
Status check_text(std::string_view text, std::string_view html, bool has_attachments);

struct Written {
  MessageId message;
  std::int64_t position = 0;
};
// Writes the message, takes the uploads, ends the author's draft, moves the conversation's state and counters.
Result<Written> write_authored(store::Transaction& tx, const access::Actor& actor, const ConversationItem& item,
                               const Authored& authored);
// Event message_added and ledger entry; the text is in the entry as a keyed commitment.
Status tell_authored(store::Transaction& tx, const access::Actor& actor, const ConversationItem& item,
                     const Written& written, const Authored& authored);

}  // namespace answerable::conversations
