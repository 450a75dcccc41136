#include "mail/language.h"

#include <cld2/public/compact_lang_det.h>

#include "base/utf8.h"

namespace answerable::mail {

std::string detect_language(std::string_view text) {
  constexpr std::size_t enough_bytes = 4096;
  auto sample = truncate_utf8(text, enough_bytes);
  bool reliable = false;
  auto language = CLD2::DetectLanguage(sample.data(), static_cast<int>(sample.size()), true, &reliable);
  if (!reliable || language == CLD2::UNKNOWN_LANGUAGE) return {};
  std::string code = CLD2::LanguageCode(language);
  if (code.starts_with("zh")) return "zh";  // zh-Hant too
  if (code == "iw") return "he";            // the codes of before 1989
  return code.size() == 2 ? code : std::string{};
}

}  // namespace answerable::mail
