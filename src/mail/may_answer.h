// May a program answer this mail by itself, and whom does it reach (RFC 3834)? Stricter than the RFC where an answer to
// a forged mail would molest somebody who never wrote: the author must be proven, and the answer goes to an address of
// the same organisation. Pure.
#pragma once

#include <functional>
#include <string_view>

#include "mail/message.h"
#include "mail/sender_authentication.h"

namespace answerable::mail {

// Why it gets no automatic answer.
enum class Silence : unsigned char {
  none,            // it may get one
  automatic,       // written by a program, or asks for no automatic answer
  list,            // of a mailing list or a campaign
  no_return_path,  // the null reverse-path, or none: nobody is to be told
  robot_address,   // "no-reply" and the like: nobody reads it
  own_address,     // it would come back to us
  not_addressed,   // none of our addresses stands in To or Cc: it came by a list, a blind copy or a forwarder
  unproven,        // anybody may have put that author there
  elsewhere,       // the return path belongs to another organisation than the author, who is all that is proven
};
std::string_view to_string(Silence silence);

struct AnswerQuestion {
  const ParsedMessage& message;
  std::string_view return_path;                                                 // of the envelope, without <>
  SenderAuthentication::Verdict verdict = SenderAuthentication::Verdict::none;  // of message.from
  // Both are asked with an address as written.
  std::function<bool(std::string_view)> is_addressee;  // does the asking channel get its mail?
  std::function<bool(std::string_view)> is_own;        // is it one of ours at all?
};

Silence why_silent(const AnswerQuestion& question);

// Nobody reads mail to it: "no-reply@…", "mailer-daemon@…", "owner-list@…", "list-request@…" (RFC 3834 section 2).
bool is_robot_address(std::string_view address);

}  // namespace answerable::mail
