#include "base/base32.h"

#include <cstdint>

namespace answerable {

namespace {

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= '2' && c <= '7') return c - '2' + 26;
  return -1;
}

}  // namespace

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t pending = 0;
  int pending_bits = 0;
  for (const char c : bytes) {
    pending = (pending << 8 | static_cast<unsigned char>(c)) & 0xfff;
    for (pending_bits += 8; pending_bits >= 5; pending_bits -= 5) text += alphabet[pending >> (pending_bits - 5) & 31];
  }
  if (pending_bits > 0) text += alphabet[pending << (5 - pending_bits) & 31];
  return text;
}

std::optional<std::string> from_base32(std::string_view text) {
  while (!text.empty() && (text.back() == '=' || text.back() == ' ')) text.remove_suffix(1);
  std::string bytes;
  std::uint32_t pending = 0;
  int pending_bits = 0;
  std::size_t digits = 0;
  for (char c : text) {
    if (c == ' ' || c == '-') continue;
    int value = value_of(c);
    if (value < 0) return std::nullopt;
    pending = (pending << 5 | static_cast<std::uint32_t>(value)) & 0xfff;
    pending_bits += 5;
    ++digits;
    if (pending_bits < 8) continue;
    pending_bits -= 8;
    bytes += static_cast<char>(pending >> pending_bits & 0xff);
  }
  auto rest = digits % 8;
  if (bytes.empty() || rest == 1 || rest == 3 || rest == 6) return std::nullopt;
  return bytes;
}

}  // namespace answerable
