// The part of a text that shows why it was found. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conversations/search_query.h"

namespace answerable::conversations {

inline constexpr std::size_t snippet_max_bytes = 240;  // of the text, before escaping and marking
inline constexpr std::size_t snippet_before_bytes = 60;

// HTML-escaped, white space folded, hits in <mark>; nothing when no clause occurs.
std::optional<std::string> find_snippet(std::string_view text, const std::vector<Clause>& clauses);
// The beginning of the text, escaped; for hits elsewhere than in the text.
std::string plain_snippet(std::string_view text);

}  // namespace answerable::conversations
