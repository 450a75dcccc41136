// Mails of customers, as their programs make them and as their servers sign them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flows/flow.h"

namespace answerable::flows {

struct NewMail {
  std::string from, to = mail_address, subject, text;
  std::string in_reply_to;                       // without <>
  std::vector<std::string> references;           // without <>
  std::string extra;                             // whole header fields
  std::string trace;                             // the same, of servers on the way: above what is signed
  std::string signed_by = "its domain";          // a domain; empty: nobody
  std::optional<std::string> return_path = {};   // of the envelope; nothing: `from`
  std::optional<std::string> delivered_to = {};  // of the envelope; nothing: `to`
};

void post(Flow& flow, const NewMail& mail);

// As mail programs answer: to the reply address, with everything that names the thread.
NewMail answer_to(const mail::ParsedMessage& ours, const std::string& from, const std::string& text);
// To a customer's own mail, whose Message-ID holds no token. Throws Trouble when that customer wrote none.
NewMail follow_up(Flow& flow, const std::string& from, const std::string& other, const std::string& subject,
                  const std::string& text);

}  // namespace answerable::flows
