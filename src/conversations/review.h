// Messages that wait for a reviewer: those of the customers, withheld until then, and our own, whose delivery waits. A
// supervisor decides, who is not the author. What the conversation's order is stays as it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "policy/judge_content.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr std::size_t review_reason_bytes_max = 500;
inline constexpr int reviews_shown_max = 100;                     // in one list, oldest first
inline constexpr std::size_t review_text_bytes_max = 16UL << 10;  // of one message, in the list

// Keeps with the message what was found, and asks for a review when the judgement says so. In the transaction that
// writes the message.
Status keep_judgement(store::Transaction& tx, const policy::ContentOrigin& origin,
                      const policy::ContentJudgement& judgement, bool is_outbound, MessageId message);

struct Review {
  MessageId message;
  ConversationId conversation;
  bool is_outbound = false;
  std::string author, subject, text;  // the text of at most review_text_bytes_max
  std::int64_t attachments = 0;
  Time asked_at;
  std::vector<policy::KeptFinding> findings;
};
struct ReviewPage {
  std::vector<Review> items;
  std::int64_t total = 0;
};
// Errors: denied.
Result<ReviewPage> waiting_reviews(store::Session& session, const access::Actor& actor);

struct ReviewDecision {
  MessageId message;
  bool is_released = false;
  std::string reason;  // of a rejection: needed
};
// Released: it is seen (event message_released), or leaves. Rejected: it stays withheld, or fails with the reason. The
// measures that it waited for end. Ledger "message.release" / "message.reject". Errors: denied (also
// "second_person_must_differ"); invalid "reason_missing", "reason_too_long"; not_found "no_review"; conflict
// "not_in_review".
Status decide_review(store::Transaction& tx, const access::Actor& actor, const ReviewDecision& decision);

}  // namespace answerable::conversations
