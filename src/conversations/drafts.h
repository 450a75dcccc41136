// Drafts: one per person and conversation, kept by the server so that no text is lost and others see that somebody
// writes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "access/incident.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::conversations {

struct Draft {
  UserId user;
  std::string text;
  std::string kind;  // "reply" or "note"
  Time updated_at;
  bool was_exposed = false;  // somebody else may have had its author's code then; told to the author only
};

struct DraftPlace {
  ConversationId conversation;
  std::string kind;
  Time updated_at;
};
// Where drafts of the person of an incident lie that somebody else may have written; never what they say, which is for
// their author to look through. Newest first, at most access::acts_listed_max + 1. Errors: those of load_incident.
Result<std::vector<DraftPlace>> exposed_drafts(store::Session& session, const access::Actor& by,
                                               access::IncidentId incident);

// Event draft_changed when a draft comes to be or ends, not for each keystroke. Returns when it was saved.
// Errors: denied, not_found "no_conversation", invalid "text_too_long" / "bad_kind".
Result<Time> save_draft(store::Transaction& tx, const access::Actor& actor, ConversationId conversation,
                        std::string_view text, std::string_view kind);
// Clearing what is not there is a success.
Status clear_draft(store::Transaction& tx, const access::Actor& actor, ConversationId conversation);

}  // namespace answerable::conversations
