// Words of a table, written between bars: "one|two". Pure, and no step longer than words times text.
#pragma once

#include <algorithm>
#include <string_view>

namespace answerable::mail {

// Whether is(word) holds for one of them.
template <class Is>
bool any_word(std::string_view words, Is is) {
  while (!words.empty()) {
    auto word = words.substr(0, words.find('|'));
    if (is(word)) return true;
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
  return false;
}

inline bool has_word(std::string_view text, std::string_view words) {
  return any_word(words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

inline bool starts_with_word(std::string_view text, std::string_view words) {
  return any_word(words, [&](std::string_view word) { return text.starts_with(word); });
}

}  // namespace answerable::mail
