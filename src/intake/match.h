// Where does a message belong? Evidence, ranked, and the rule that chooses. Pure. There is no evidence of the kind
// "same subject".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/id.h"
#include "mail/sender_authentication.h"

namespace answerable::intake {

struct Evidence {
  // From strong to weak. A token was signed by us for this conversation; a thread is the channel's own (a visitor's
  // session); a reference is a header that anybody can write. Tokens and references travel with forwarded mail, so they
  // count only for a sender who takes part in that conversation.
  enum class Kind : std::uint8_t { reply_token, channel_thread, reference };
  Kind kind = Kind::reference;
  ConversationId conversation;
  bool sender_takes_part = false;
  std::string reference = {};  // the Message-ID by which a reference was found
};
std::string_view to_string(Evidence::Kind kind);

// What is known of who sent it.
struct Sender {
  mail::SenderAuthentication::Verdict verdict = mail::SenderAuthentication::Verdict::none;
  bool was_proven_before = false;  // mail of this address was proven once: then its next is expected to be
  bool is_report = false;          // a bounce: comes from servers, which take no part and prove nothing
};

// Why a piece of evidence is not enough to join.
enum class Weakness : std::uint8_t {
  none,
  stranger,          // does not take part in that conversation
  unproven,          // nothing proves the sender, and a reference alone is no secret
  disowned,          // the sender's domain says that this mail is not its own
  unreachable,       // the proof could not be looked up
  no_longer_proven,  // the sender's mail used to be proven, and this is not
};
std::string_view to_string(Weakness weakness);

// A token that came back from somebody who takes part is enough of itself: only who has seen our mail knows it. It is
// not when the sender is disowned, or used to be proven and is not. A reference wants a proven sender.
Weakness weakness_of(const Evidence& evidence, const Sender& sender);

struct Match {
  std::optional<ConversationId> conversation;  // it joins; `by` says why
  Evidence by;
  std::optional<Evidence> suggested;  // it begins a conversation, and an agent decides; `weakness` says why
  Weakness weakness = Weakness::none;
};

// The strongest evidence without weakness joins; if there is none, the strongest one is suggested. `evidence` in any
// order of kinds; among references the first counts (the caller puts the newest first).
Match choose_conversation(std::span<const Evidence> evidence, const Sender& sender);

}  // namespace answerable::intake
