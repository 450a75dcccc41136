// The contacts table as the files of this folder see it.
#pragma once

#include <string>
#include <string_view>

namespace answerable::conversations {

// The form in which names and addresses are looked for: folded words (search_words.h) joined by blanks.
std::string search_key(std::string_view text);

}  // namespace answerable::conversations
