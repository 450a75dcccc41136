#include "mail/mime_parameters.h"

#include <algorithm>
#include <utility>

#include "mail/ascii.h"
#include "mail/charset.h"
#include "mail/encoded_word.h"
#include "mail/limits.h"
#include "mail/transfer_encoding.h"

namespace answerable::mail {

namespace {

std::string unfold(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == '\r' || c == '\n'; });
  return out;
}

// A quote ends the value where a semicolon, nothing or a blank follows: "the "big" one.txt" keeps its inner ones.
bool ends_value(std::string_view after) { return after.empty() || after[0] == ';' || is_space(after[0]); }

std::string take_quoted(std::string_view& rest) {
  std::string value;
  auto start = rest;
  rest.remove_prefix(1);
  auto is_path = rest.size() > 2 && is_letter(rest[0]) && rest.substr(1).starts_with(":\\");  // "C:\new\a.txt"
  for (; !rest.empty(); rest.remove_prefix(1)) {
    auto c = rest[0];
    auto is_escape = c == '\\' && rest.size() > 1 && (!is_path || rest[1] == '\\' || rest[1] == '"');
    if (is_escape) {
      value += rest[1];
      rest.remove_prefix(1);
      continue;
    }
    if (c == '"' && ends_value(rest.substr(1))) {
      rest.remove_prefix(std::min(rest.find(';'), rest.size()));
      return value;
    }
    value += c;
  }
  rest = start.substr(std::min(start.find(';'), start.size()));  // never closed: it ends where an unquoted one would
  return std::string(trim(start.substr(1, start.size() - rest.size() - 1)));
}

std::string take_value(std::string_view& rest) {
  while (!rest.empty() && is_space(rest[0])) rest.remove_prefix(1);
  if (rest.starts_with('"')) return take_quoted(rest);
  auto end = std::min(rest.find(';'), rest.size());
  auto value = rest.substr(0, end);
  rest.remove_prefix(end);
  return std::string(trim(value));
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  return lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
}

std::string decode_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    auto low = high < 0 ? -1 : hex_digit(text[i + 2]);
    out += low < 0 ? text[i] : static_cast<char>(high * 16 + low);
    if (low >= 0) i += 2;
  }
  return out;
}

// utf-8'en'na%20me
std::string_view take_charset(std::string_view& value) {
  auto first = value.find('\'');
  auto second = first == std::string_view::npos ? first : value.find('\'', first + 1);
  if (second == std::string_view::npos) return {};
  auto charset = value.substr(0, first);
  value.remove_prefix(second + 1);
  return charset;
}

}  // namespace

MimeParameters::MimeParameters(std::string_view field) {
  auto rest = field.substr(std::min(field.find(';'), field.size()));
  while (!rest.empty() && pieces_.size() < max_mime_parameters) take_piece(rest);
}

void MimeParameters::take_piece(std::string_view& rest) {
  auto start = rest.find_first_not_of("; \t\r\n");
  if (start == std::string_view::npos) return void(rest = {});
  rest.remove_prefix(start);
  auto end = rest.find_first_of("=;");
  if (end == std::string_view::npos) return void(rest = {});
  auto name = to_lower(trim(rest.substr(0, end)));
  rest.remove_prefix(end);
  if (rest[0] == ';') return;  // a word without a value
  rest.remove_prefix(1);
  if (auto blank = name.find_last_of(" \t\r\n"); blank != std::string::npos) name.erase(0, blank + 1);
  Piece piece{.is_extended = name.ends_with('*')};
  if (piece.is_extended) name.pop_back();
  if (auto star = name.find('*'); star != std::string::npos) {
    piece.is_continued = true;
    for (auto c : std::string_view(name).substr(star + 1, 4))
      if (is_digit(c)) piece.part = piece.part * 10 + static_cast<std::size_t>(c - '0');
    name.erase(star);
  }
  piece.name = std::move(name);
  piece.value = unfold(take_value(rest));
  pieces_.push_back(std::move(piece));
}

// The forms of RFC 2231: bytes of all pieces first, their charset is named once.
std::string MimeParameters::join(std::string_view name) const {
  std::vector<const Piece*> parts;
  for (const auto& piece : pieces_)
    if (piece.name == name && (piece.is_extended || piece.is_continued)) parts.push_back(&piece);
  std::ranges::sort(parts, {}, [](const Piece* piece) { return std::pair(piece->part, piece); });  // stable
  std::string bytes;
  std::string_view charset;
  for (const auto* piece : parts) {
    std::string_view value = piece->value;
    if (piece == parts.front() && piece->is_extended) charset = take_charset(value);
    bytes += piece->is_extended ? decode_percent(value) : std::string(value);
    if (!piece->is_continued) break;  // name*, written twice
  }
  return charset.empty() ? decode_header_text(bytes) : decode_header_text(decode_charset(bytes, charset).text);
}

std::string MimeParameters::find(std::string_view name) const {
  if (auto joined = join(name); !joined.empty()) return joined;
  for (const auto& piece : pieces_)
    if (piece.name == name && !piece.is_extended && !piece.is_continued) return decode_header_text(piece.value);
  return {};
}

}  // namespace answerable::mail
