// The lines above a message that goes on to others, in its language. Pure, thread-safe. mail/reply_words.h knows them
// all: what comes back is folded.
#pragma once

#include <span>
#include <string_view>

namespace answerable::conversations {

struct ForwardWords {
  std::string_view language;  // ISO 639-1
  std::string_view above;     // "Forwarded message"
  std::string_view from, date, subject;
};

const ForwardWords& forward_words(std::string_view language);  // English where the language has no row
std::span<const ForwardWords> all_forward_words();

}  // namespace answerable::conversations
