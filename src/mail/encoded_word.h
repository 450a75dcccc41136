// RFC 2047 encoded words, read leniently: characters split between words, blanks inside words, words inside quotes.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

// Valid UTF-8 out; controls become blanks; at most max_header_text_bytes.
std::string decode_header_text(std::string_view value);

// The charset that the first encoded word of a field names; empty when there is none.
std::string_view charset_of_words(std::string_view value);

}  // namespace answerable::mail
