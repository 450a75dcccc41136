#include "policy/near_identical.h"

#include <array>
#include <bit>

namespace answerable::policy {
namespace {

constexpr std::uint64_t seed = 0xCBF29CE484222325ULL;

// FNV-1a, then mixed: its high bits alone are too much alike.
std::uint64_t add(std::uint64_t hash, char c) { return (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL; }

std::uint64_t mixed(std::uint64_t hash) {
  hash = (hash ^ (hash >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  hash = (hash ^ (hash >> 27U)) * 0x94D049BB133111EBULL;
  return hash ^ (hash >> 31U);
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (static_cast<unsigned char>(c) & 0x80U);
}

struct Sum {
  std::array<int, 64> bits{};
  void take(std::uint64_t hash) {
    for (unsigned i = 0; i < 64; ++i) bits[i] += (hash >> i & 1U) != 0 ? 1 : -1;
  }
};

}  // namespace

std::optional<std::uint64_t> fingerprint_of(std::string_view text) {
  text = text.substr(0, identical_bytes_max);
  Sum sum;
  int words = 0;
  std::uint64_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word(text[at])) {
      ++at;
      continue;
    }
    std::uint64_t hash = seed;
    for (; at < text.size() && is_word(text[at]); ++at) {
      const char c = text[at];
      hash = add(hash, c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    }
    sum.take(mixed(hash));
    if (words > 0) sum.take(mixed(before * 31 + hash));
    before = hash;
    ++words;
  }
  if (words < identical_words_min) return std::nullopt;
  std::uint64_t fingerprint = 0;
  for (unsigned i = 0; i < 64; ++i)
    if (sum.bits[i] > 0) fingerprint |= std::uint64_t{1} << i;
  return fingerprint;
}

bool is_near(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b) <= identical_distance_max; }

}  // namespace answerable::policy
