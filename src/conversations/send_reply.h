// An agent answers. Message (queued), delivery, event and ledger entry in one transaction: the answer means durably
// accepted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/judge_outgoing.h"
#include "conversations/message.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr int undo_seconds_max = 30;

struct NewReply {
  ConversationId conversation;
  std::string text;                            // UTF-8, \n; not blank unless there is an attachment
  std::string html = {};                       // sanitised by the caller, or empty
  std::vector<AttachmentId> attachments = {};  // uploads of the actor; those that the text names: pictures.h
  bool quotes = true;                          // repeats what it answers below, where the channel does so
  // Mail addresses, none of ours: the caller sees to that. Nothing in `to`: who of the customer's side wrote last. To
  // third parties alone (participants.h) it is theirs, and the customer's side never sees anything of it.
  std::vector<std::string> to = {}, cc = {}, bcc = {};
  int undo_seconds = 0;  // 0 to undo_seconds_max
  bool should_close = false;
  std::optional<MessageId> if_last_message = {};  // conflict "newer_message" when somebody wrote meanwhile
  ContentConsent consent = {};
};

// Errors: denied, suspended, not_found "no_conversation" / "no_attachment", invalid "empty_text" / "text_too_long" /
// "bad_undo_seconds" / "too_many_attachments" / "too_many_recipients" / "channel_has_no_copies", conflict
// "newer_message"; those of judge_outgoing().
Result<Message> send_reply(store::Transaction& tx, const access::Actor& actor, const NewReply& reply);

// Takes a reply back: only its author, only while queued and before undo_until; the text becomes the author's draft
// again and a conversation that the reply closed is open again, or asleep as it was. Errors: denied, not_found
// "no_message", conflict "too_late".
Result<Message> undo_send(store::Transaction& tx, const access::Actor& actor, MessageId message);

// Tries a failed message again: supervisors, or its author. Errors: denied, not_found "no_message", conflict
// "not_retryable".
Result<Message> retry_message(store::Transaction& tx, const access::Actor& actor, MessageId message);

}  // namespace answerable::conversations
