#include "policy/text_encoding.h"

namespace answerable::policy {
namespace {

// As Windows writes "Unicode text"; half a pair becomes a question mark.
std::string from_utf16(std::string_view bytes, bool is_big_endian) {
  std::string out;
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(is_big_endian ? first * 256 + second : second * 256 + first);
  };
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const auto c = unit(at);
    const bool is_first = c >= 0xD800 && c < 0xDC00;
    const auto next = is_first && at + 3 < bytes.size() ? unit(at + 2) : char32_t{0};
    if (next >= 0xDC00 && next < 0xE000) {
      append_utf8(out, 0x10000 + ((c - 0xD800) << 10U) + (next - 0xDC00));
      at += 2;
    } else {
      append_utf8(out, c >= 0xD800 && c < 0xE000 ? U'?' : c);
    }
  }
  return out;
}

}  // namespace

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0U | (c >> 6U));
  } else {
    if (c < 0x10000) {
      put(0xE0U | (c >> 12U));
    } else {
      put(0xF0U | (c >> 18U));
      put(0x80U | ((c >> 12U) & 0x3FU));
    }
    put(0x80U | ((c >> 6U) & 0x3FU));
  }
  put(0x80U | (c & 0x3FU));
}

std::string utf8_of(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE")) return from_utf16(bytes.substr(2), false);
  if (bytes.starts_with("\xFE\xFF")) return from_utf16(bytes.substr(2), true);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return std::string(bytes);
}

}  // namespace answerable::policy
