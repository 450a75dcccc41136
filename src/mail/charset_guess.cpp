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

// The four dozen characters that are commonest in Chinese as Taiwan and Hong Kong write it, in Big5.
constexpr std::string_view common_traditional =
    "\xAA\xBA\xA4\x40\xAC\x4F\xA4\xA3\xA4\x46\xA6\x62\xA6\xB3\xA7\xDA\xA5\x4C\xB3\x6F\xAD\xD3\xAD\xCC\xA4\xA4"
    "\xA8\xD3\xA4\x57\xA4\x6A\xAC\xB0\xA9\x4D\xB0\xEA\xA8\xEC\xA5\x48\xBB\xA1\xAE\xC9\xAD\x6E\xB4\x4E\xA5\x58"
    "\xB7\x7C\xA5\x69\xA4\x5D\xA7\x41\xB9\xEF\xAF\xE0\xA8\xBA\xB1\x6F\xA4\x55\xA6\xDB\xA6\x7E\xB9\x4C\xAB\xE1"
    "\xB1\x7A\xA6\x6E\xBD\xD0\xB0\xDD\xC3\x44\xAD\x71\xB3\xE6\xA6\xAC\xA8\x53\xC1\xC2";

// The two dozen syllables that Korean is full of, in EUC-KR; the Chinese characters of the same bytes are rare ones.
constexpr std::string_view common_syllables =
    "\xC0\xCC\xB4\xD9\xB4\xC2\xBF\xA1\xC0\xBB\xC0\xC7\xB0\xA1\xB0\xED\xC7\xCF\xC1\xF6\xB7\xCE\xB8\xA6"
    "\xC0\xBA\xB1\xE2\xBB\xE7\xC7\xD1\xBE\xEE\xB4\xCF\xBF\xE4\xBD\xC0\xC7\xD8\xBD\xC3\xB5\xB5\xC0\xCE";

bool is_one_of(std::string_view characters, std::string_view pair) {
  for (std::size_t i = 0; i < characters.size(); i += 2)
    if (characters.substr(i, 2) == pair) return true;
  return false;
}

// Big5: pairs whose second byte may be ASCII, as it is in four of ten. What is common tells it from accents among
// Latin letters; these stand before a blank sooner or later, too.
bool is_big5(std::string_view bytes) {
  std::size_t pairs = 0, low = 0, common = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80) continue;
    if (i + 1 == bytes.size()) break;
    unsigned trail = static_cast<unsigned char>(bytes[i + 1]);
    auto is_low = trail >= 0x40 && trail < 0x7F;
    if (lead < 0xA1 || lead > 0xF9 || (!is_low && (trail < 0xA1 || trail == 0xFF))) return false;
    ++pairs;
    low += is_low ? 1 : 0;
    common += is_one_of(common_traditional, bytes.substr(i, 2)) ? 1 : 0;
    ++i;
  }
  return pairs >= 4 && low * 6 >= pairs && common * 6 >= pairs;
}

// The EUC charsets are pairs of bytes from 0xA1 on: kana tell Japanese, syllables, all of them below 0xC9, Korean. One
// in ten may lie outside: the rarer characters of GBK.
std::string_view guess_pairs(std::string_view bytes) {
  std::size_t pairs = 0, outside = 0, unassigned = 0, kana = 0, syllables = 0, common = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80) continue;
    unsigned trail = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : 0;
    unassigned += lead >= 0xF8 ? 1 : 0;  // in GBK
    if (lead == 0x80 || lead == 0xFF || trail < 0x40 || trail == 0x7F || trail == 0xFF) return {};
    outside += lead < 0xA1 || trail < 0xA1 ? 1 : 0;
    common += is_one_of(common_syllables, bytes.substr(i, 2)) ? 1 : 0;
    ++i;
    ++pairs;
    if (lead == 0xA4 || lead == 0xA5) ++kana;
    if (lead >= 0xB0 && lead <= 0xC8) ++syllables;
  }
  if (outside * 10 > pairs) return {};
  if (outside == 0 && kana * 4 >= pairs) return "euc-jp";
  if (outside == 0 && syllables * 10 >= pairs * 9 && common * 8 >= pairs) return "uhc";
  return unassigned == 0 ? "gb18030" : "";
}

constexpr std::string_view central_signs = "\xA1\xA3\xA5\xA6\xA9\xAC\xAE\xAF\xB1\xB3\xB6\xB9\xBB\xBC\xBE\xBF";

bool is_one_of(std::string_view set, char c) { return set.find(c) != set.npos; }

// A letter in the charsets of western Europe, or in those of central Europe.
bool is_letter_byte(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte >= 0xC0 || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || is_one_of(central_signs, c);
}

// Central Europe: what is a sign in western charsets stands in words, or Danish letters stand beside Italian ones.
// ISO 8859-2 has no bytes below 0xA0; in Polish, 0xB9 tells, which is its ą in windows-1250 and no letter of it there.
std::string_view guess_central_european(std::string_view bytes) {
  std::size_t in_words = 0, low = 0, utf8 = 0;
  auto polish = false, caron = false, slash = false, grave = false;
  for (std::size_t i = 1; i + 1 < bytes.size(); ++i) {
    if (static_cast<unsigned char>(bytes[i]) < 0x80) continue;
    auto before = is_letter_byte(bytes[i - 1]), after = is_letter_byte(bytes[i + 1]);
    if (!before && !after) continue;
    auto lead = static_cast<unsigned char>(bytes[i - 1]);
    utf8 += lead >= 0xC2 && lead <= 0xDF && static_cast<unsigned char>(bytes[i]) < 0xC0 ? 1 : 0;
    auto begins = !before && is_one_of("\xA6\xAC\xB1\xB3\xB6\xB9\xBC\xBE", bytes[i]);  // no "¡Hola", no "©Anna"
    in_words += is_one_of(central_signs, bytes[i]) && after && (before || begins) ? 1 : 0;
    low += is_one_of("\x8A\x8C\x8D\x8E\x8F\x9A\x9C\x9D\x9E\x9F", bytes[i]) ? 1 : 0;
    polish = polish || is_one_of("\xA3\xB3\xBF", bytes[i]);
    caron = caron || bytes[i] == '\xB9';
    slash = slash || bytes[i] == '\xF8';
    grave = grave || is_one_of("\xEC\xF9", bytes[i]);
  }
  if (utf8 * 2 > in_words + low) return {};  // UTF-8 that is broken somewhere
  auto czech = slash && grave && (caron || low > 0);
  if (!czech && (in_words == 0 || in_words + low < 2)) return {};
  return low > 0 || (polish && caron) ? "cp1250" : "iso-8859-2";
}

// Greek and Hebrew lie where windows-1251 has its small letters. Capitals inside words are the accented vowels of
// Greek; Hebrew is full of yod and has nothing above tav, where Russian has five letters.
std::string_view guess_alphabet(std::string_view bytes, std::size_t letters) {
  std::size_t accents = 0, yods = 0, above_tav = 0, capitals = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto byte = static_cast<unsigned char>(bytes[i]);
    auto inside = i > 0 && static_cast<unsigned char>(bytes[i - 1]) >= 0xE0;
    accents += inside && byte >= 0xDC && byte <= 0xDF ? 1 : 0;
    capitals += byte >= 0xC0 && byte <= 0xDF ? 1 : 0;
    yods += byte == 0xE9 ? 1 : 0;
    above_tav += byte > 0xFA ? 1 : 0;
  }
  if (accents * 25 >= letters && accents >= 2) return "cp1253";
  return capitals == 0 && above_tav == 0 && yods * 16 >= letters && letters >= 12 ? "cp1255" : "cp1251";
}

}  // namespace

std::string_view guess_charset(std::string_view bytes) {
  bytes = bytes.substr(0, looked_at);
  if (is_shift_jis(bytes)) return "cp932";
  if (is_big5(bytes)) return "big5-hkscs";
  auto counts = count(bytes);
  auto letters = counts.big + counts.small;
  if (counts.high < 6 || counts.in_runs * 4 < counts.high * 3)
    return letters == counts.high ? "" : guess_central_european(bytes);  // letters alone are those of western Europe
  // Cyrillic words are letters of one half of the table; in pairs of bytes both halves come alike.
  if (letters == 0) return {};  // ornaments of Latin-1: "·¸¸·´¯`"
  auto is_cyrillic = letters * 10 >= counts.high * 9;
  if (is_cyrillic && counts.small * 4 >= letters * 3) return guess_alphabet(bytes, letters);
  if (is_cyrillic && counts.big * 4 >= letters * 3) return "koi8-r";
  auto pairs = guess_pairs(bytes);
  return pairs.empty() ? guess_central_european(bytes) : pairs;
}

}  // namespace answerable::mail
