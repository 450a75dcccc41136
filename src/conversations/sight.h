// What a person sees who sees only the conversations that are assigned to them (access::Actor::sees_only_assigned):
// those, their messages, attachments and contacts. Everything else is as if it did not exist. For all others all is
// seen. http/sight.cpp asks this before every act that names a thing; lists, counts and search filter by themselves.
#pragma once

#include "access/actor.h"
#include "base/id.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

bool is_seen(const access::Actor& actor, const ConversationItem& item);

// Errors: not_found, in the words for a thing that does not exist.
Status require_seen(store::Session& session, const access::Actor& actor, ConversationId id);
Status require_seen(store::Session& session, const access::Actor& actor, MessageId id);
// Also the person's own upload that no message has taken yet.
Status require_seen(store::Session& session, const access::Actor& actor, AttachmentId id);
// Whoever wrote in one of those conversations.
Status require_seen(store::Session& session, const access::Actor& actor, ContactId id);

}  // namespace answerable::conversations
