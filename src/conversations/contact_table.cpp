#include "conversations/contact_table.h"

#include "conversations/search_words.h"

namespace answerable::conversations {

std::string search_key(std::string_view text) { return fold_words(text); }

}  // namespace answerable::conversations
