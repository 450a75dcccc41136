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

// The EUC charsets are pairs of bytes from 0xA1 on: kana tell Japanese, the many syllables below 0xC9 Korean.
std::string_view guess_pairs(std::string_view bytes) {
  std::size_t pairs = 0, kana = 0, syllables = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80) continue;
    unsigned trail = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : 0;
    if (lead < 0xA1 || trail < 0xA1) return {};
    ++i;
    ++pairs;
    if (lead == 0xA4 || lead == 0xA5) ++kana;
    if (lead >= 0xB0 && lead <= 0xC8) ++syllables;
  }
  if (kana * 4 >= pairs) return "euc-jp";
  return syllables * 10 >= pairs * 9 && bytes.find(' ') != std::string_view::npos ? "uhc" : "gb18030";
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
