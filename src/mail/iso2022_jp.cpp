#include "mail/iso2022_jp.h"

#include <cstdint>

namespace answerable::mail {

namespace {

enum class Set : std::uint8_t { ascii, katakana, kanji };

// JIS X 0208 row and cell (0x21 to 0x7E each) to the two bytes of Shift_JIS.
void append_kanji(std::string& out, unsigned row, unsigned cell) {
  auto lead = (row - 0x21U) / 2 + 0x81U;
  if (lead > 0x9FU) lead += 0x40U;
  unsigned trail = 0;
  if (row % 2 == 1)
    trail = cell + (cell >= 0x60U ? 0x20U : 0x1FU);
  else
    trail = cell + 0x7EU;
  out += static_cast<char>(lead);
  out += static_cast<char>(trail);
}

// Length of the escape sequence at the front, or 0; sets what it designates.
std::size_t read_escape(std::string_view text, Set& set) {
  if (text.starts_with("\x1B$(")) {  // ESC $ ( D is JIS X 0212: its characters are shown as they can be
    set = Set::kanji;
    return text.size() > 3 ? 4 : 3;
  }
  if (text.starts_with("\x1B$")) {
    set = Set::kanji;
    return text.size() > 2 ? 3 : 2;
  }
  if (text.starts_with("\x1B(") && text.size() > 2) {
    set = text[2] == 'I' ? Set::katakana : Set::ascii;
    return 3;
  }
  return 0;
}

bool is_cell(char c) { return c >= 0x21 && c <= 0x7E; }

}  // namespace

std::string iso2022_jp_to_cp932(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  auto set = Set::ascii;
  while (!bytes.empty()) {
    if (auto length = read_escape(bytes, set); length != 0) {
      bytes.remove_prefix(length);
      continue;
    }
    auto c = bytes[0];
    if (c == '\n') set = Set::ascii;  // each line begins in ASCII (RFC 1468)
    if (set == Set::kanji && bytes.size() > 1 && is_cell(c) && is_cell(bytes[1])) {
      append_kanji(out, static_cast<unsigned char>(c), static_cast<unsigned char>(bytes[1]));
      bytes.remove_prefix(2);
      continue;
    }
    if (c == '\x0E')
      set = Set::katakana;  // SO and SI, the 7-bit way
    else if (c == '\x0F')
      set = Set::ascii;
    else if (set == Set::katakana && is_cell(c))
      out += static_cast<char>(static_cast<unsigned char>(c) | 0x80U);
    else
      out += c;
    bytes.remove_prefix(1);
  }
  return out;
}

}  // namespace answerable::mail
