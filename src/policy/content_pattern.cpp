#include "policy/content_pattern.h"

#include <re2/re2.h>

namespace answerable::policy {
namespace {

RE2::Options options() {
  RE2::Options made;
  made.set_log_errors(false);
  made.set_max_mem(pattern_memory_max);
  return made;
}

// The code point that begins at `at`; what is no UTF-8 counts as itself.
char32_t code_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const char32_t first = byte(at);
  if (first < 0xC0) return first;
  if (first < 0xE0) return (first & 0x1FU) << 6U | (byte(at + 1) & 0x3FU);
  if (first < 0xF0) return (first & 0x0FU) << 12U | (byte(at + 1) & 0x3FU) << 6U | (byte(at + 2) & 0x3FU);
  return (first & 0x07U) << 18U | (byte(at + 1) & 0x3FU) << 12U | (byte(at + 2) & 0x3FU) << 6U | (byte(at + 3) & 0x3FU);
}

char32_t code_before(std::string_view text, std::size_t end) {
  std::size_t at = end - 1;
  while (at > 0 && end - at < 4 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  return code_at(text, at);
}

// Scripts that write words without blanks: there each sign begins one.
bool is_unspaced(char32_t code) { return (code >= 0x0E00 && code < 0x0F00) || (code >= 0x2E80 && code < 0xFF00); }

bool is_word(char32_t code) {
  if (code < 0x80)
    return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == '_';
  const bool is_sign = code < 0xC0 || code == 0xD7 || code == 0xF7 || (code >= 0x2000 && code < 0x2C00);
  return !is_sign && !is_unspaced(code) && code < 0x1F000;
}

}  // namespace

Status check_pattern(std::string_view pattern) {
  const RE2 made(re2::StringPiece(pattern.data(), pattern.size()), options());
  if (!made.ok())
    return fail(ErrorKind::invalid, "bad_pattern",
                "This is no RE2 pattern, or one that is too large: " + made.error() + ".");
  if (RE2::PartialMatch("", made))
    return fail(ErrorKind::invalid, "bad_pattern", "This pattern matches the empty text, and so every message.");
  return {};
}

std::string pattern_of_words(std::string_view phrase) {
  std::string pattern = "(?i)";
  bool is_after_blank = true;
  for (std::size_t at = 0; at < phrase.size();) {
    const auto end = std::min(phrase.find(' ', at), phrase.size());
    if (end > at) {
      if (!is_after_blank) pattern += R"([\s\p{Z}]+)";
      pattern += RE2::QuoteMeta(re2::StringPiece(phrase.data() + at, end - at));
      is_after_blank = false;
    }
    at = end + 1;
  }
  return pattern;
}

bool is_whole_word(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin == end) return false;
  const bool runs_on_before = begin > 0 && is_word(code_at(text, begin)) && is_word(code_before(text, begin));
  const bool runs_on_after = end < text.size() && is_word(code_before(text, end)) && is_word(code_at(text, end));
  return !runs_on_before && !runs_on_after;
}

std::optional<Found> find_pattern(std::string_view pattern, std::string_view text, bool is_words) {
  const RE2 made(re2::StringPiece(pattern.data(), pattern.size()), options());
  if (!made.ok()) return std::nullopt;
  const re2::StringPiece all(text.data(), text.size());
  re2::StringPiece match;
  for (std::size_t from = 0; from <= text.size();) {
    if (!made.Match(all, from, text.size(), RE2::UNANCHORED, &match, 1)) return std::nullopt;
    const Found found{.begin = static_cast<std::size_t>(match.data() - text.data()),
                      .end = static_cast<std::size_t>(match.data() - text.data()) + match.size()};
    if (!is_words || is_whole_word(text, found.begin, found.end)) return found;
    from = found.end;
  }
  return std::nullopt;
}

}  // namespace answerable::policy
