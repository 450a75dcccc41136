// A suggested join: a conversation that began with a message which may belong to another one, on evidence too weak to
// move it there by itself. An agent confirms (join.h) or dismisses. One for each such conversation.
#pragma once

#include <optional>
#include <string>

#include "access/actor.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

struct NewSuggestion {
  ConversationId target;
  std::string found_by;  // "reply_token" or "reference"
  // Why that is not enough: "stranger" (does not take part there), "unproven" (nothing proves the sender), "disowned"
  // (its domain says that the mail is not its own), "unreachable" (the proof could not be looked up),
  // "no_longer_proven" (the sender's mail used to be proven).
  std::string weakness;
};

struct Suggestion {
  ConversationId conversation;  // that may join
  MessageId message;            // that said so
  ConversationItem target;
  std::string found_by, weakness;
  Time created_at;
};

Status insert_suggestion(store::Transaction& tx, WorkspaceId workspace, ConversationId conversation, MessageId message,
                         const NewSuggestion& suggestion);
// Errors: denied, not_found "no_suggestion" (also when it was decided).
Result<Suggestion> load_suggestion(store::Session& session, const access::Actor& actor, ConversationId conversation);
// It stays a conversation of its own. Event and ledger entry. Errors: as load_suggestion.
Result<ConversationItem> dismiss_suggestion(store::Transaction& tx, const access::Actor& actor,
                                            ConversationId conversation);

}  // namespace answerable::conversations
