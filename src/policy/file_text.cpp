#include "policy/file_text.h"

#include <algorithm>

#include "base/utf8.h"
#include "policy/html_words.h"

namespace answerable::policy {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\x1B';
}

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

bool is_html(std::string_view content_type, std::string_view text) {
  if (content_type.starts_with("text/html") || content_type.starts_with("application/xhtml")) return true;
  const auto head = lower(text.substr(0, 1'024));
  return head.contains("<html") || head.contains("<!doctype html");
}

std::string plain_text(std::string_view content_type, std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE")) return from_utf16(bytes.substr(2), false);
  if (bytes.starts_with("\xFE\xFF")) return from_utf16(bytes.substr(2), true);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (!content_type.starts_with("text/") && std::ranges::any_of(bytes, is_control)) return {};
  std::string text(bytes);
  std::erase(text, '\0');  // UTF-16 that does not say so, or words that are to be hidden
  return text;
}

}  // namespace

bool may_be_text(std::string_view content_type) {
  const auto type = lower(content_type);
  if (type.starts_with("image/svg")) return true;  // a picture that is written
  return !type.starts_with("image/") && !type.starts_with("audio/") && !type.starts_with("video/");
}

std::string text_of_file(std::string_view content_type, std::string_view bytes) {
  const auto type = lower(content_type);
  if (!may_be_text(type)) return {};
  const auto text = to_valid_utf8(plain_text(type, bytes.substr(0, file_text_bytes_max)));
  if (!is_html(type, text)) return text;
  return words_of_html(text) + "\n" + text;
}

void add_file_text(std::string& all, std::string_view content_type, std::string_view bytes) {
  if (all.size() >= files_text_bytes_max) return;
  const auto text = text_of_file(content_type, bytes);
  if (text.empty()) return;
  if (!all.empty()) all += '\n';
  all += truncate_utf8(text, files_text_bytes_max - all.size());
}

}  // namespace answerable::policy
