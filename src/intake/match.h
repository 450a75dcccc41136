// Where does a message belong? Evidence, ranked, and the rule that chooses. Pure. There is no evidence of the kind
// "same subject".
#pragma once

#include <optional>
#include <span>

#include "base/id.h"

namespace answerable::intake {

struct Evidence {
  // From strong to weak. A token was signed by us for this conversation; a thread is the channel's own (a visitor's
  // session); a reference is a header that anybody can write. Tokens and references travel with forwarded mail, so they
  // count only for a sender who takes part in that conversation.
  enum class Kind : std::uint8_t { reply_token, channel_thread, reference };
  Kind kind = Kind::reference;
  ConversationId conversation;
  bool sender_takes_part = false;
};

// `evidence` in any order of kinds; among references the first counts (the caller puts the newest first).
std::optional<ConversationId> choose_conversation(std::span<const Evidence> evidence);

}  // namespace answerable::intake
