#include "mail/charset_guess.h"

#include <cstddef>

namespace answerable::mail {

namespace {

constexpr std::size_t looked_at = 16UL * 1024;

struct Counts {
  std::size_t high = 0;     // bytes of 0x80 and more
  std::size_t in_runs = 0;  // of them, those that stand in runs of three and more: no Latin word has these
  std::size_t big = 0;      // 0xC0 to 0xDF: capitals in windows-1251, small letters in KOI8
  std::size_t small = 0;    // 0xE0 to 0xFF: the other way round
};

Counts count(std::string_view bytes) {
  Counts counts;
  std::size_t run = 0;
  auto end_run = [&] {
    if (run >= 3) counts.in_runs += run;
    run = 0;
  };
  for (char c : bytes) {
    unsigned byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      end_run();
      continue;
    }
    ++run;
    ++counts.high;
    if (byte >= 0xC0) ++(byte < 0xE0 ? counts.big : counts.small);
  }
  end_run();
  return counts;
}

// Shift_JIS: kana are 0x82 or 0x83 and a byte; its trail bytes may be ASCII, so runs do not show it.
bool is_shift_jis(std::string_view bytes) {
  std::size_t kana = 0, pairs = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80 || (lead >= 0xA1 && lead <= 0xDF)) continue;  // ASCII, half-width kana
    if (++i == bytes.size()) break;
    unsigned trail = static_cast<unsigned char>(bytes[i]);
    if (lead == 0x80 || lead == 0xA0 || lead > 0xFC || trail < 0x40 || trail == 0x7F || trail > 0xFC) return false;
    ++pairs;
    if (lead == 0x82 || lead == 0x83) ++kana;
  }
  return kana >= 2 && kana * 4 >= pairs;
}

// The two dozen syllables that Korean is full of, in EUC-KR; the Chinese characters of the same bytes are rare ones.
constexpr std::string_view common_syllables =
    "\xC0\xCC\xB4\xD9\xB4\xC2\xBF\xA1\xC0\xBB\xC0\xC7\xB0\xA1\xB0\xED\xC7\xCF\xC1\xF6\xB7\xCE\xB8\xA6"
    "\xC0\xBA\xB1\xE2\xBB\xE7\xC7\xD1\xBE\xEE\xB4\xCF\xBF\xE4\xBD\xC0\xC7\xD8\xBD\xC3\xB5\xB5\xC0\xCE";

bool is_common_syllable(std::string_view pair) {
  for (std::size_t i = 0; i < common_syllables.size(); i += 2)
    if (common_syllables.substr(i, 2) == pair) return true;
  return false;
}

// The EUC charsets are pairs of bytes from 0xA1 on: kana tell Japanese, syllables, all of them below 0xC9, Korean.
std::string_view guess_pairs(std::string_view bytes) {
  std::size_t pairs = 0, kana = 0, syllables = 0, common = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80) continue;
    unsigned trail = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : 0;
    if (lead < 0xA1 || trail < 0xA1) return {};
    common += is_common_syllable(bytes.substr(i, 2)) ? 1 : 0;
    ++i;
    ++pairs;
    if (lead == 0xA4 || lead == 0xA5) ++kana;
    if (lead >= 0xB0 && lead <= 0xC8) ++syllables;
  }
  if (kana * 4 >= pairs) return "euc-jp";
  return syllables * 10 >= pairs * 9 && common * 8 >= pairs ? "uhc" : "gb18030";
}

}  // namespace

std::string_view guess_charset(std::string_view bytes) {
  bytes = bytes.substr(0, looked_at);
  if (is_shift_jis(bytes)) return "cp932";
  auto counts = count(bytes);
  if (counts.high < 6 || counts.in_runs * 4 < counts.high * 3) return {};
  // Cyrillic words are letters of one half of the table; in pairs of bytes both halves come alike.
  auto letters = counts.big + counts.small;
  auto is_cyrillic = letters * 10 >= counts.high * 9;
  if (is_cyrillic && counts.small * 4 >= letters * 3) return "cp1251";
  if (is_cyrillic && counts.big * 4 >= letters * 3) return "koi8-r";
  return guess_pairs(bytes);
}

}  // namespace answerable::mail
