#include "mail/language.h"

#include <cld2/public/compact_lang_det.h>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/charset.h"

namespace answerable::mail {

namespace {

// The cost grows with the text, and the beginning is nearly always enough to be sure.
constexpr std::size_t first_sample_bytes = 320, max_sample_bytes = 4096;
constexpr std::size_t max_looked_at_bytes = 64UL * 1024;  // where words are sought between those of no language

// Addresses, file names and numbers: "web.de" made an English report a German one.
bool is_of_no_language(std::string_view word) {
  if (word.find('@') != word.npos || word.find("://") != word.npos) return true;
  if (!is_ascii(word)) return false;  // no blank stands between a number and the next words in Chinese
  if (word.find_first_of("/\\<>_=0123456789") != word.npos) return true;
  auto dot = word.find('.');
  return dot != word.npos && dot + 1 < word.size() && is_letter(word[dot + 1]);
}

// The first `most` bytes of what is written in some language.
std::string words_of(std::string_view text, std::size_t most) {
  std::string words;
  words.reserve(most);
  auto rest = truncate_utf8(text, max_looked_at_bytes);
  while (words.size() < most) {
    auto start = rest.find_first_not_of(" \t\n");
    if (start == rest.npos) break;
    rest.remove_prefix(start);
    auto word = rest.substr(0, rest.find_first_of(" \t\n"));
    rest.remove_prefix(word.size());
    if (!is_of_no_language(word)) words.append(word.substr(0, most + 4)) += ' ';  // 4: whole characters
  }
  words.resize(truncate_utf8(words, most).size());
  return words;
}

}  // namespace

std::string detect_language(std::string_view text) {
  auto language = CLD2::UNKNOWN_LANGUAGE;
  auto reliable = false;
  for (auto bytes : {first_sample_bytes, max_sample_bytes}) {
    auto sample = words_of(text, bytes);
    language = CLD2::DetectLanguage(sample.data(), static_cast<int>(sample.size()), true, &reliable);
    if (reliable || sample.size() + 4 < bytes) break;  // that was all of it
  }
  if (!reliable || language == CLD2::UNKNOWN_LANGUAGE) return {};
  std::string code = CLD2::LanguageCode(language);
  if (code.starts_with("zh")) return "zh";  // zh-Hant too
  if (code == "iw") return "he";            // the codes of before 1989
  return code.size() == 2 ? code : std::string{};
}

}  // namespace answerable::mail
