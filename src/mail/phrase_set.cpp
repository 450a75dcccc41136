#include "mail/phrase_set.h"

#include <algorithm>

#include "mail/ascii.h"
#include "mail/word_list.h"

namespace answerable::mail {

namespace {

constexpr unsigned char first_of_cjk = 0xE3;  // scripts that write no blanks between words begin here in UTF-8

bool is_ascii_byte(char c) { return static_cast<unsigned char>(c) < 0x80; }

std::size_t pair_of(std::string_view text) {
  return static_cast<std::size_t>(static_cast<unsigned char>(lower(text[0])) & 31U) << 5U |
         (static_cast<unsigned char>(lower(text[1])) & 31U);
}

std::size_t three_of(std::string_view text) {
  auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(text[at])); };
  return (byte(0) * 289 + byte(1) * 17 + byte(2)) % 4096;
}

// Most phrases fail here, without a call: half of the English words that begin with "th" go on otherwise than "this".
bool may_be(std::string_view text, std::string_view phrase) {
  if (text.size() < phrase.size() || text[phrase.size() - 1] != phrase.back()) return false;
  for (std::size_t i = 1; i < std::min<std::size_t>(phrase.size(), 4); ++i)
    if (text[i] != phrase[i]) return false;
  return true;
}

bool is_letter_byte(char c) { return is_letter(c) || !is_ascii_byte(c); }

bool stands_alone(std::string_view text, std::size_t at, std::string_view phrase) {
  if (static_cast<unsigned char>(phrase.front()) >= first_of_cjk) return true;
  auto end = at + phrase.size();
  return (at == 0 || !is_letter_byte(text[at - 1])) && (end == text.size() || !is_letter_byte(text[end]));
}

}  // namespace

PhraseSet::PhraseSet(std::initializer_list<std::string_view> lists) {
  for (auto list : lists) add(list);
}

void PhraseSet::add(std::string_view list) {
  any_word(list, [&](std::string_view phrase) {
    if (!phrase.empty()) by_first_byte_[static_cast<unsigned char>(phrase.front())].push_back(phrase);
    if (phrase.size() >= 2) first_pairs_.set(pair_of(phrase));
    if (phrase.size() >= 3) first_threes_.set(three_of(phrase));
    if (phrase.size() == 1 || phrase.size() == 2) first_threes_.set();  // what is so short may begin anywhere
    return false;                                                       // go on to the last
  });
}

bool PhraseSet::may_start(std::string_view text) const {
  if (text.size() < 2) return false;
  if (!is_ascii_byte(text[0]) || !is_ascii_byte(text[1])) return true;
  if (!first_pairs_.test(pair_of(text))) return false;
  if (text.size() < 3 || !is_ascii_byte(text[2])) return true;
  const std::array<char, 3> folded{lower(text[0]), lower(text[1]), lower(text[2])};
  return first_threes_.test(three_of({folded.data(), folded.size()}));
}

bool PhraseSet::has(std::string_view text) const {
  if (text.empty()) return false;
  const auto& phrases = by_first_byte_[static_cast<unsigned char>(text.front())];
  return std::ranges::find(phrases, text) != phrases.end();
}

std::string_view PhraseSet::find_start(std::string_view text) const {
  std::string_view longest;
  if (text.empty()) return longest;
  for (auto phrase : by_first_byte_[static_cast<unsigned char>(text.front())])
    if (phrase.size() > longest.size() && may_be(text, phrase) && text.starts_with(phrase)) longest = phrase;
  return longest;
}

bool PhraseSet::starts_word(std::string_view text) const {
  if (text.empty()) return false;
  return std::ranges::any_of(by_first_byte_[static_cast<unsigned char>(text.front())], [&](std::string_view phrase) {
    return text.starts_with(phrase) && (phrase.back() == ' ' || stands_alone(text, 0, phrase));
  });
}

std::size_t PhraseSet::find_word(std::string_view text) const {
  for (std::size_t at = 0; at < text.size(); ++at)
    for (auto phrase : by_first_byte_[static_cast<unsigned char>(text[at])])
      if (text.substr(at).starts_with(phrase) && stands_alone(text, at, phrase)) return at;
  return std::string_view::npos;
}

bool PhraseSet::holds(std::string_view text) const {
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto rest = text.substr(at);
    if ((rest.size() < 3 || first_threes_.test(three_of(rest))) && starts(rest)) return true;
  }
  return false;
}

bool PhraseSet::ends(std::string_view text) const {
  for (std::size_t at = 0; at < text.size(); ++at)
    for (auto phrase : by_first_byte_[static_cast<unsigned char>(text[at])])
      if (text.substr(at) == phrase && stands_alone(text, at, phrase)) return true;
  return false;
}

}  // namespace answerable::mail
