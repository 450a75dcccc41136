// What RE2 makes of a rule's words and patterns. Its time grows with the text, whatever the pattern; its memory is
// bounded here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::policy {

inline constexpr std::int64_t pattern_memory_max = 1L << 20;       // bytes, of one
inline constexpr std::int64_t pattern_set_memory_max = 32L << 20;  // bytes, of all that one workspace has

// Errors: invalid "bad_pattern": no RE2, too large, or it matches the empty text, and so everything.
Status check_pattern(std::string_view pattern);
// A phrase as a pattern: in either case, blanks of any width. Whether it stands for itself is for is_whole_word().
std::string pattern_of_words(std::string_view phrase);
// Nothing that belongs to the same word stands beside text[begin, end).
bool is_whole_word(std::string_view text, std::size_t begin, std::size_t end);

struct Found {
  std::size_t begin = 0, end = 0;
};
// The first place that the pattern matches; of words: where they stand for themselves.
std::optional<Found> find_pattern(std::string_view pattern, std::string_view text, bool is_words);

}  // namespace answerable::policy
