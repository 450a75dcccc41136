// How a message came to stand where it stands: what is known of its sender, and why it joined its conversation. Stored
// with the message, shown on request.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::conversations {

struct Origin {
  std::string authentication;         // "pass", "none", "fail", "temperror"; empty: not asked (chat, notes, replies)
  std::vector<std::string> evidence;  // of that, a line each, in the words of RFC 8601
  // "first" (began the conversation), "reply_token", "channel_thread", "reference", "agent" (confirmed by one); empty
  // for what was written here.
  std::string joined_by;
  std::string joined_detail;  // of a reference: the Message-ID that was referred to
  // An earlier message with the same Message-ID and other bytes.
  std::optional<MessageId> same_id_as;
};

// What joined by an agent came from.
struct JoinedFrom {
  ConversationId conversation;  // is no more
  std::int64_t number = 0;
  std::string subject;
  UserId agent;  // nil: a program or the system
  Time at;
};

struct FoundOrigin {
  Origin origin;
  std::optional<JoinedFrom> joined_from;
  std::optional<ConversationId> conversation_of_same_id;
};

// Errors: denied, not_found "no_message".
Result<FoundOrigin> load_origin(store::Session& session, const access::Actor& actor, MessageId id);
// The first stored or sent message under this external id (without <>), if there is one.
Result<std::optional<MessageId>> find_same_id(store::Session& session, WorkspaceId workspace,
                                              const std::string& external_id);

}  // namespace answerable::conversations
