// Asks the rules on content about a message before it is written. Every act that sends does; dispatch_reply() keeps
// what was found, and lets wait what must.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/authored.h"
#include "policy/judge_content.h"
#include "store/session.h"

namespace answerable::conversations {

// A refusal undoes the transaction that found it; this carries it out, to be kept in one of its own.
struct ContentRefusal {
  std::optional<policy::ContentJudgement> judgement;  // nothing: it was not refused
  policy::ContentOrigin origin;
};
Status record_refusal(store::Transaction& tx, const ContentRefusal& refusal);

// How an act's caller stands to what the rules find.
struct ContentConsent {
  bool has_seen_warnings = false;
  ContentRefusal* refusal = nullptr;  // filled when it is refused
  std::string files_text = {};        // text_of_files.h: read before, since that is no work for the writer
};

struct Outgoing {
  ChannelId channel;
  std::string_view channel_kind;
  ConversationId conversation;  // nil: a new one
};
// Errors: those of policy::may_leave().
Result<policy::ContentJudgement> judge_outgoing(store::Session& session, const access::Actor& actor,
                                                const Outgoing& outgoing, const Authored& authored,
                                                const ContentConsent& consent);

}  // namespace answerable::conversations
