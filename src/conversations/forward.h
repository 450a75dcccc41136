// An agent passes on what was written, to somebody outside the conversation: one message, or the conversation up to it.
// It stands in the conversation as a message to a third party (participants.h): its answer comes back here, and neither
// is ever in a reply to the customer's side.
#pragma once

#include <string>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/judge_outgoing.h"
#include "conversations/message.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr int forwarded_messages_max = 100;               // of one conversation
inline constexpr std::int64_t forwarded_bytes_max = 40'000'000;  // of attachments: a mail of them has 55 MB

struct NewForward {
  MessageId message;
  bool with_earlier = false;  // the conversation up to it: what the customer's side and we wrote; no notes
  bool with_quotes = false;   // also what was folded as earlier text
  std::vector<std::string> to, cc = {}, bcc = {};  // mail addresses, none of ours: the caller sees to that
  std::string text = {};                           // the agent's own words above it; may be empty
  int undo_seconds = 0;                            // as NewReply's
  ContentConsent consent = {};
};

// Errors: denied, suspended, not_found "no_message", invalid "not_forwardable" (a note, or what was taken back) /
// "channel_cannot_forward" (only mail) / "no_recipient" / "recipient_takes_part" (is on the customer's side: reply) /
// "too_many_recipients" / "text_too_long" / "too_many_messages" / "too_many_attachments" / "forward_too_large" /
// "bad_undo_seconds".
Result<Message> forward(store::Transaction& tx, const access::Actor& actor, const NewForward& forward);

// The files that go on with it. Errors: those of forward().
Result<std::vector<Attachment>> forwarded_files(store::Session& session, const access::Actor& actor,
                                                const NewForward& forward);

}  // namespace answerable::conversations
