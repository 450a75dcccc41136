// An agent writes first (mail).
#pragma once

#include <string>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/judge_outgoing.h"
#include "conversations/message.h"
#include "store/session.h"

namespace answerable::conversations {

struct NewConversation {
  ChannelId channel;         // checked by the caller: active, and of `channel_kind`
  std::string channel_kind;  // "email"; others are refused
  std::string address_key;   // normalised by the caller
  std::string address;
  std::string name = {};                       // of the contact, if known
  std::vector<std::string> cc = {}, bcc = {};  // as NewReply's
  std::string subject;
  std::string text;
  std::string html = {};  // sanitised by the caller, or empty
  std::vector<AttachmentId> attachments = {};
  int undo_seconds = 0;
  ContentConsent consent = {};
};

// The conversation is assigned to the user who starts it. Errors: denied, suspended, invalid "channel_cannot_start" /
// "empty_subject" / "subject_too_long" and those of send_reply.
Result<Message> start_conversation(store::Transaction& tx, const access::Actor& actor,
                                   const NewConversation& conversation);

}  // namespace answerable::conversations
