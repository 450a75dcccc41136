#include "base/utf8.h"

#include <cstdint>
#include <cstring>

namespace answerable {

namespace {

// Length of the well-formed sequence at the front of `text`, or 0 (Unicode table 3-7).
std::size_t sequence_length(std::string_view text) {
  auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  auto tail = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
  unsigned lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    bool bad = (lead == 0xE0 && at(1) < 0xA0) || (lead == 0xED && at(1) > 0x9F);
    return !bad && tail(1) && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    bool bad = (lead == 0xF0 && at(1) < 0x90) || (lead == 0xF4 && at(1) > 0x8F);
    return !bad && tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

// Of the bytes at the front, how many are ASCII; a multiple of eight.
std::size_t ascii_at_front(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::size_t count = 0;
  for (std::uint64_t eight = 0; count + sizeof eight <= text.size(); count += sizeof eight) {
    std::memcpy(&eight, text.data() + count, sizeof eight);
    if ((eight & high_bits) != 0) break;
  }
  return count;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    text.remove_prefix(ascii_at_front(text));
    if (text.empty()) break;
    auto length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string to_valid_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    auto length = sequence_length(bytes);
    if (length == 0) {
      text += "\xEF\xBF\xBD";
      bytes.remove_prefix(1);
      continue;
    }
    if (bytes[0] != '\0') text += bytes.substr(0, length);
    bytes.remove_prefix(length);
  }
  return text;
}

std::string_view truncate_utf8(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  auto end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

std::string one_line(std::string_view text, std::size_t max_bytes) {
  std::string line;
  bool blank = false;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20) {
      blank = !line.empty();
      continue;
    }
    if (byte == 0x7F) continue;
    if (blank) line += ' ';
    blank = false;
    line += c;
    if (line.size() > max_bytes + 4) break;  // enough to know that it must be cut
  }
  if (line.size() <= max_bytes) return line;
  return std::string(truncate_utf8(line, max_bytes >= 3 ? max_bytes - 3 : 0)) + "…";
}

}  // namespace answerable
