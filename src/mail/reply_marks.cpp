// Lines that no language is needed for: rulers, and names below a letter.
#include <algorithm>

#include "mail/ascii.h"
#include "mail/reply_phrases.h"

namespace answerable::mail {

namespace {

constexpr std::size_t min_spaced_dots = 6;  // fewer are a pause: ". . ."
constexpr std::size_t max_name_bytes = 40, max_closing_bytes = 60;

std::size_t count_blanks(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return is_space(c); }));
}

// "—", "–––": any number of the long dashes.
bool is_line_of_dashes(std::string_view line) {
  std::size_t at = 0;
  while (line.substr(at).starts_with("—") || line.substr(at).starts_with("–")) at += 3;
  return at > 0 && at == line.size();
}

// "* * *"
bool is_spaced_ruler(std::string_view line) {
  if (line.size() < 5 || line.size() % 2 == 0 || is_letter(line.front()) || is_digit(line.front())) return false;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] != (i % 2 == 0 ? line.front() : ' ')) return false;
  return true;
}

}  // namespace

bool is_short_name(std::string_view line) {
  if (line.size() > max_name_bytes) return false;
  auto first = line.empty() ? '\0' : line.front();
  auto capital = (first >= 'A' && first <= 'Z') || static_cast<unsigned char>(first) >= 0x80;
  return capital && count_blanks(line) <= 2 && line.find_first_of("0123456789:.,;!?=/()") == line.npos;
}

bool is_closing(std::string_view line) {
  if (line.empty() || line.size() > max_closing_bytes || count_blanks(line) > 3) return false;
  return std::string_view(".?:;").find(line.back()) == line.npos;
}

bool is_dotted_ruler(std::string_view line) {
  if (line.starts_with("**") && line.ends_with("**") && line.size() > 4) line = line.substr(2, line.size() - 4);
  return line.starts_with('.') && line.size() >= 2 * min_spaced_dots - 1 && is_spaced_ruler(line);
}

bool is_rule(std::string_view line) { return line.size() >= 5 && is_delimiter(line); }

bool is_delimiter(std::string_view line) {
  if (line.empty() || is_letter(line.front())) return false;  // most lines
  if (line == "ᐧ" || is_line_of_dashes(line) || is_dotted_ruler(line)) return true;
  if (line.size() < 2 || std::string_view("*_-=#~+").find(line.front()) == line.npos) return false;
  return is_spaced_ruler(line) || std::ranges::all_of(line, [&](char c) { return c == line.front(); });
}

}  // namespace answerable::mail
