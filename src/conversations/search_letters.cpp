#include "conversations/search_letters.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace answerable::conversations {
namespace {

struct Range {
  char32_t first, last;
};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t letter) {
  auto after = std::ranges::upper_bound(ranges, letter, {}, &Range::first);
  return after != ranges.begin() && letter <= std::prev(after)->last;
}

// Accents and points that are written over or into letters, tatweel, joiners, variation selectors. Sorted.
constexpr std::array marks{
    Range{0x00AD, 0x00AD}, Range{0x0300, 0x036F},   Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x05BF, 0x05BF},
    Range{0x05C1, 0x05C2}, Range{0x05C4, 0x05C5},   Range{0x0610, 0x061A}, Range{0x0640, 0x0640}, Range{0x064B, 0x065F},
    Range{0x0670, 0x0670}, Range{0x06D6, 0x06DC},   Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F},
    Range{0x202A, 0x202E}, Range{0x2060, 0x2064},   Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F},
    Range{0xFEFF, 0xFEFF}, Range{0x1F3FB, 0x1F3FF},
};

// Punctuation and symbols outside ASCII. Sorted.
constexpr std::array gaps{
    Range{0x0080, 0x00A9}, Range{0x00AB, 0x00B4}, Range{0x00B6, 0x00B9}, Range{0x00BB, 0x00BF}, Range{0x00D7, 0x00D7},
    Range{0x00F7, 0x00F7}, Range{0x02C2, 0x02DF}, Range{0x037E, 0x037E}, Range{0x0387, 0x0387}, Range{0x055A, 0x055F},
    Range{0x0589, 0x058A}, Range{0x05BE, 0x05BE}, Range{0x05C0, 0x05C0}, Range{0x05C3, 0x05C3}, Range{0x05F3, 0x05F4},
    Range{0x0600, 0x060F}, Range{0x061B, 0x061F}, Range{0x066A, 0x066D}, Range{0x06D4, 0x06D4}, Range{0x0964, 0x0965},
    Range{0x0E2F, 0x0E2F}, Range{0x0E5A, 0x0E5B}, Range{0x2000, 0x206F}, Range{0x20A0, 0x20CF}, Range{0x2190, 0x25FF},
    Range{0x27C0, 0x2BFF}, Range{0x2E00, 0x2E7F}, Range{0x3000, 0x3004}, Range{0x3008, 0x3020}, Range{0x3030, 0x3030},
    Range{0x303D, 0x303F}, Range{0x30FB, 0x30FB}, Range{0xD800, 0xF8FF}, Range{0xFD3E, 0xFD3F}, Range{0xFE10, 0xFE1F},
    Range{0xFE30, 0xFE6F}, Range{0xFF00, 0xFF0F}, Range{0xFF1A, 0xFF20}, Range{0xFF3B, 0xFF40}, Range{0xFF5B, 0xFF65},
    Range{0xFFE0, 0xFFFF},
};

// Scripts without blanks between words, and pictures. Sorted.
constexpr std::array alone{
    Range{0x0E01, 0x0EFF},   Range{0x1000, 0x109F},   Range{0x1780, 0x17FF}, Range{0x2600, 0x27BF},
    Range{0x3005, 0x3007},   Range{0x3021, 0x302F},   Range{0x3031, 0x303C}, Range{0x3040, 0x30FF},
    Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},   Range{0xF900, 0xFAFF}, Range{0xFF66, 0xFF9F},
    Range{0x1F000, 0x1FAFF}, Range{0x20000, 0x323AF},
};

// Latin letters from `first` on, as runs of the same base letter.
struct Run {
  std::uint8_t length;
  std::string_view base;
};
constexpr std::array latin_1{
    Run{6, "a"}, Run{1, "ae"}, Run{1, "c"}, Run{4, "e"}, Run{4, "i"}, Run{1, "d"},  Run{1, "n"},
    Run{5, "o"}, Run{1, ""},   Run{1, "o"}, Run{4, "u"}, Run{1, "y"}, Run{1, "th"},
};
constexpr std::array extended_a{
    Run{6, "a"}, Run{8, "c"},  Run{4, "d"},  Run{10, "e"}, Run{8, "g"}, Run{4, "h"},  Run{10, "i"}, Run{2, "ij"},
    Run{2, "j"}, Run{3, "k"},  Run{10, "l"}, Run{9, "n"},  Run{6, "o"}, Run{2, "oe"}, Run{6, "r"},  Run{8, "s"},
    Run{6, "t"}, Run{12, "u"}, Run{2, "w"},  Run{3, "y"},  Run{6, "z"}, Run{1, "s"},
};
constexpr std::array additional{
    Run{2, "a"},  Run{6, "b"},  Run{2, "c"},  Run{10, "d"}, Run{10, "e"}, Run{2, "f"},  Run{2, "g"},
    Run{10, "h"}, Run{4, "i"},  Run{6, "k"},  Run{8, "l"},  Run{6, "m"},  Run{8, "n"},  Run{8, "o"},
    Run{4, "p"},  Run{8, "r"},  Run{10, "s"}, Run{8, "t"},  Run{10, "u"}, Run{4, "v"},  Run{10, "w"},
    Run{4, "x"},  Run{2, "y"},  Run{6, "z"},  Run{1, "h"},  Run{1, "t"},  Run{1, "w"},  Run{1, "y"},
    Run{1, "a"},  Run{3, "s"},  Run{1, "ss"}, Run{1, "d"},  Run{24, "a"}, Run{16, "e"}, Run{4, "i"},
    Run{24, "o"}, Run{14, "u"}, Run{8, "y"},  Run{2, "ll"}, Run{2, "v"},  Run{2, "y"},
};

std::string_view base_in(std::span<const Run> runs, char32_t offset) {
  for (const auto& run : runs) {
    if (offset < run.length) return run.base;
    offset -= run.length;
  }
  return {};
}

std::string_view latin_base(char32_t letter) {
  if (letter == 0xDF) return "ss";
  if (letter == 0xFF) return "y";
  if (letter >= 0xC0 && letter <= 0xDE) return base_in(latin_1, letter - 0xC0);
  if (letter >= 0xE0 && letter <= 0xFE) return base_in(latin_1, letter - 0xE0);
  if (letter >= 0x100 && letter <= 0x17F) return base_in(extended_a, letter - 0x100);
  if (letter >= 0x1E00 && letter <= 0x1EFF) return base_in(additional, letter - 0x1E00);
  switch (letter) {
    case 0x1A0:
    case 0x1A1: return "o";
    case 0x1AF:
    case 0x1B0: return "u";
    case 0x1CD:
    case 0x1CE: return "a";
    case 0x218:
    case 0x219: return "s";
    case 0x21A:
    case 0x21B: return "t";
    case 0xFB00: return "ff";
    case 0xFB01: return "fi";
    case 0xFB02: return "fl";
    default: return {};
  }
}

char32_t greek(char32_t letter) {
  switch (letter) {
    case 0x386:
    case 0x3AC: return 0x3B1;
    case 0x388:
    case 0x3AD: return 0x3B5;
    case 0x389:
    case 0x3AE: return 0x3B7;
    case 0x38A:
    case 0x3AF:
    case 0x390:
    case 0x3AA:
    case 0x3CA: return 0x3B9;
    case 0x38C:
    case 0x3CC: return 0x3BF;
    case 0x38E:
    case 0x3CD:
    case 0x3B0:
    case 0x3AB:
    case 0x3CB: return 0x3C5;
    case 0x38F:
    case 0x3CE: return 0x3C9;
    case 0x3C2: return 0x3C3;
    default: return letter >= 0x391 && letter <= 0x3A9 ? letter + 32 : letter;
  }
}

char32_t cyrillic(char32_t letter) {
  if (letter >= 0x400 && letter <= 0x40F) letter += 80;
  if (letter >= 0x410 && letter <= 0x42F) letter += 32;
  if (letter == 0x451) return 0x435;  // ё is often written е
  const bool is_paired = (letter >= 0x460 && letter <= 0x481) || (letter >= 0x48A && letter <= 0x4BF) ||
                         (letter >= 0x4D0 && letter <= 0x52F);
  return is_paired ? letter | 1 : letter;
}

char32_t lower(char32_t letter) {
  if (letter >= 0x370 && letter <= 0x3FF) return greek(letter);
  if (letter >= 0x400 && letter <= 0x52F) return cyrillic(letter);
  if (letter >= 0x531 && letter <= 0x556) return letter + 48;               // Armenian
  if (letter >= 0x622 && letter <= 0x625 && letter != 0x624) return 0x627;  // alef with hamza or madda
  if (letter >= 0xFF10 && letter <= 0xFF19) return letter - 0xFF10 + U'0';  // full-width digits and letters
  if (letter >= 0xFF21 && letter <= 0xFF3A) return letter - 0xFF21 + U'a';
  if (letter >= 0xFF41 && letter <= 0xFF5A) return letter - 0xFF41 + U'a';
  return letter;
}

void append_utf8(char32_t letter, std::string& out) {
  auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (letter < 0x80) return put(letter);
  if (letter < 0x800) {
    put(0xC0 | letter >> 6);
  } else if (letter < 0x10000) {
    put(0xE0 | letter >> 12);
    put(0x80 | (letter >> 6 & 0x3F));
  } else {
    put(0xF0 | letter >> 18);
    put(0x80 | (letter >> 12 & 0x3F));
    put(0x80 | (letter >> 6 & 0x3F));
  }
  put(0x80 | (letter & 0x3F));
}

Letter fold_ascii(char32_t letter, std::string& folded) {
  if (letter >= 'A' && letter <= 'Z') letter += 32;
  const bool is_word = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
  if (is_word) folded += static_cast<char>(letter);
  return is_word ? Letter::inside : Letter::gap;
}

}  // namespace

Letter fold_letter(char32_t letter, std::string& folded) {
  if (letter < 0x80) return fold_ascii(letter, folded);
  if (is_in(marks, letter)) return Letter::mark;
  if (is_in(gaps, letter)) return Letter::gap;
  if (auto base = latin_base(letter); !base.empty()) {
    folded += base;
    return Letter::inside;
  }
  append_utf8(lower(letter), folded);
  return is_in(alone, letter) ? Letter::alone : Letter::inside;
}

}  // namespace answerable::conversations
