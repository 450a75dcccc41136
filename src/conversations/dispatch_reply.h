// From a written message to its delivery: whom it goes to, what it answers, how it is called.
#pragma once

#include <string>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/authored.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr int references_max = 20;  // external ids of the newest messages, oldest first

struct Recipient {
  std::string address;  // empty: there is none
  std::string name;
};
// Who of the customer's side wrote last, robots and reports aside; or the conversation's contact. Only the newest
// participants_looked_at_max messages are looked at, here and for what is quoted.
Result<Recipient> find_recipient(store::Session& session, WorkspaceId workspace, const ConversationItem& item);
// What a person of that side wrote last, unless the answer goes to somebody who has not seen it: a new participant
// never sees earlier history.
Result<std::optional<outbox::QuotedMessage>> find_quoted(store::Session& session, WorkspaceId workspace,
                                                         const ConversationItem& item, const Authored& authored);
// "Re: …" once; nothing for channels without subjects.
std::string reply_subject(const ConversationItem& item);
// Of an answer to a third party: what was last said to or by one.
Result<std::string> third_party_subject(store::Session& session, WorkspaceId workspace, const ConversationItem& item);
// Errors: those of outbox::enqueue.
Status dispatch_reply(store::Transaction& tx, const access::Actor& actor, const ConversationItem& item,
                      const Written& written, const Authored& authored);

}  // namespace answerable::conversations
