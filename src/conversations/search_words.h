// Words as the index and the query see them: lower case, without accents, ligatures spelt out, so that both engines
// find the same. Scripts that are written without blanks (Han, kana, Thai …) give one word a character; a query for
// several is a phrase. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::conversations {

inline constexpr std::size_t word_max_bytes = 100;  // longer ones are cut into several

struct Word {
  std::string folded;
  std::size_t begin = 0, end = 0;  // where it stands in the text, in bytes
};

// Calls `word` for each, in order; stops when it returns false. Any bytes are taken; ill-formed UTF-8 separates words.
void each_word(std::string_view text, const std::function<bool(const Word&)>& word);
std::vector<Word> words_of(std::string_view text);
// The folded words joined by blanks.
std::string fold_words(std::string_view text);

}  // namespace answerable::conversations
