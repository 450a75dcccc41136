#include "mail/text_direction.h"

#include <array>
#include <cstddef>

#include "mail/ascii.h"

namespace answerable::mail {

namespace {

struct Range {
  char32_t first, last;
};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t letter) {
  for (const auto& range : ranges)
    if (letter >= range.first && letter <= range.last) return true;
  return false;
}

constexpr std::array right_to_left{Range{0x05BE, 0x05BE}, Range{0x05C0, 0x05C0},   Range{0x05D0, 0x05F4},
                                   Range{0x0608, 0x0608}, Range{0x060B, 0x060B},   Range{0x061B, 0x064A},
                                   Range{0x066D, 0x08FF}, Range{0x200F, 0x200F},   Range{0xFB1D, 0xFDFF},
                                   Range{0xFE70, 0xFEFE}, Range{0x10800, 0x10FFF}, Range{0x1E800, 0x1EFFF}};

// Marks, digits, punctuation, symbols, pictures: none of them decides.
constexpr std::array neutral{Range{0x0080, 0x00A9}, Range{0x00AB, 0x00B4},   Range{0x00B6, 0x00B9},
                             Range{0x00BB, 0x00BF}, Range{0x0300, 0x036F},   Range{0x0591, 0x05CF},
                             Range{0x0600, 0x061A}, Range{0x064B, 0x066C},   Range{0x06F0, 0x06F9},
                             Range{0x2000, 0x200D}, Range{0x2010, 0x2BFF},   Range{0x3000, 0x3004},
                             Range{0x3008, 0x3020}, Range{0xFE00, 0xFE6F},   Range{0xFEFF, 0xFEFF},
                             Range{0xFF01, 0xFF20}, Range{0x1F000, 0x1FAFF}, Range{0xE0000, 0xE0FFF}};

// The code point at the front, removed.
char32_t take(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  char32_t letter = size == 1 ? first : first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size && i < text.size(); ++i)
    letter = letter << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(size < text.size() ? size : text.size());
  return letter;
}

}  // namespace

bool is_right_to_left(std::string_view text) {
  while (!text.empty()) {
    const auto letter = take(text);
    if (letter < 0x80) {
      if (is_letter(static_cast<char>(letter))) return false;
    } else {
      if (is_in(neutral, letter)) continue;
      return is_in(right_to_left, letter);
    }
  }
  return false;
}

}  // namespace answerable::mail
