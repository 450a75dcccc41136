#include "mail/language.h"

#include <cld2/public/compact_lang_det.h>

#include "base/utf8.h"

namespace answerable::mail {

namespace {

// The cost grows with the text, some 90 us a KB, and the beginning is nearly always enough to be sure.
constexpr std::size_t first_sample_bytes = 512, max_sample_bytes = 4096;

}  // namespace

std::string detect_language(std::string_view text) {
  auto language = CLD2::UNKNOWN_LANGUAGE;
  auto reliable = false;
  for (auto bytes : {first_sample_bytes, max_sample_bytes}) {
    auto sample = truncate_utf8(text, bytes);
    language = CLD2::DetectLanguage(sample.data(), static_cast<int>(sample.size()), true, &reliable);
    if (reliable || sample.size() == text.size()) break;
  }
  if (!reliable || language == CLD2::UNKNOWN_LANGUAGE) return {};
  std::string code = CLD2::LanguageCode(language);
  if (code.starts_with("zh")) return "zh";  // zh-Hant too
  if (code == "iw") return "he";            // the codes of before 1989
  return code.size() == 2 ? code : std::string{};
}

}  // namespace answerable::mail
