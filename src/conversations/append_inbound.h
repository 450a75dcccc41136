// Appends one inbound message: contact, conversation, message, attachments, counts, event and ledger entry, in the
// caller's transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/id.h"
#include "base/result.h"
#include "conversations/origin.h"
#include "conversations/suggestion.h"
#include "store/session.h"

namespace answerable::conversations {

struct NewAttachment {
  std::string filename, content_type, disposition, content_id;
  std::int64_t size = 0;
  Digest blob{};
};

struct NewInbound {
  WorkspaceId workspace;
  ChannelId channel;
  std::string channel_kind;
  MessageId id;                                // chosen by intake, so that a repeated job writes the same row
  std::optional<ConversationId> conversation;  // the match; nothing: a new conversation
  ContactId contact;                           // identified before
  std::string author_name;
  std::string subject, text, reply_text, html_safe, language;
  std::string external_id;  // Message-ID without <>
  std::string in_reply_to;
  std::vector<std::string> references;
  std::vector<std::string> to, cc;  // addresses as shown
  std::string from_address;
  std::string thread_key;  // the channel's thread (chat); unique per channel
  std::string raw_key;     // finds the raw bytes (spool id text)
  bool is_auto_submitted = false;
  Time sent_at, received_at;
  std::vector<NewAttachment> attachments;
  Origin origin;
  std::optional<NewSuggestion> suggestion;  // of a new conversation
  bool needs_review = false;                // nobody sees what it says until a reviewer has released it
};

struct Appended {
  ConversationId conversation;
  MessageId message;
  bool is_new_conversation = false;
  bool was_reopened = false;
};

Result<Appended> append_inbound(store::Transaction& tx, const NewInbound& inbound);

}  // namespace answerable::conversations
