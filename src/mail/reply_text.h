// What a person wrote now, apart from quoted mail and signatures, found in plain text and in the marks of HTML clients.
// Text written between quoted lines is never cut, and the quoted lines that it answers stay with it. Time and memory
// are linear in the text. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mail/html_text.h"

namespace answerable::mail {

struct ReplyParts {
  std::string visible;           // the new text, trimmed
  std::string quoted;            // quotes, their introductions and earlier mail, in order
  std::string signature;         // after "-- ", footers of telephones and lists, disclaimers, warnings of gateways
  std::size_t folded_lines = 0;  // lines that are not in `visible`, blank ones not counted
};

ReplyParts split_reply(std::string_view text);
ReplyParts split_reply(const std::vector<TextLine>& lines);

}  // namespace answerable::mail
