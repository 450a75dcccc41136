// What a code point is to a search: part of a word (and folded to what), a word by itself, nothing, or a gap. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace answerable::conversations {

enum class Letter : std::uint8_t {
  gap,     // separates words
  inside,  // part of a word
  alone,   // a word by itself
  mark,    // an accent: as if it were not there
};

// Appends what the code point folds to; nothing for a gap or a mark.
Letter fold_letter(char32_t letter, std::string& folded);

}  // namespace answerable::conversations
