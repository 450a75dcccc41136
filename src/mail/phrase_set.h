// Phrases that a text is looked up in: all of them, by how it begins, or by what it holds as a word. Built once of
// lists "one|two|three"; immutable afterwards, so any thread may ask. Pure.
#pragma once

#include <array>
#include <bitset>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace answerable::mail {

class PhraseSet {
 public:
  PhraseSet() = default;
  PhraseSet(std::initializer_list<std::string_view> lists);  // which must outlive the set

  void add(std::string_view list);
  // Whether folding `text` is worth it: no when its first three letters begin no phrase. `text` as written, in any
  // case.
  bool may_start(std::string_view text) const;
  bool has(std::string_view text) const;
  std::string_view find_start(std::string_view text) const;  // the longest phrase that `text` begins with, or empty
  bool starts(std::string_view text) const { return !find_start(text).empty(); }
  bool starts_word(std::string_view text) const;       // no letter stands right after the phrase
  std::size_t find_word(std::string_view text) const;  // where; no letter stands right before or after it; or npos
  bool holds(std::string_view text) const;             // anywhere
  bool ends(std::string_view text) const;              // as a word

 private:
  std::array<std::vector<std::string_view>, 256> by_first_byte_;
  std::bitset<1024> first_pairs_;   // of the low five bits of the first two letters
  std::bitset<4096> first_threes_;  // of a sum of the first three bytes: what holds() asks at each place of a text
};

}  // namespace answerable::mail
