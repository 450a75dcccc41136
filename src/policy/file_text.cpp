#include "policy/file_text.h"

#include <algorithm>

#include "base/utf8.h"
#include "policy/html_words.h"
#include "policy/office_words.h"
#include "policy/text_encoding.h"

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

bool is_html(std::string_view content_type, std::string_view text) {
  if (content_type.starts_with("text/html") || content_type.starts_with("application/xhtml")) return true;
  const auto head = lower(text.substr(0, 1'024));
  return head.contains("<html") || head.contains("<!doctype html");
}

std::string plain_text(std::string_view content_type, std::string_view bytes) {
  const bool is_utf16 = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
  if (!is_utf16 && !content_type.starts_with("text/") && std::ranges::any_of(bytes, is_control)) return {};
  auto text = utf8_of(bytes);
  if (is_utf16) return text;
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
  if (is_zip(bytes)) return to_valid_utf8(words_of_office_file(bytes, file_text_bytes_max));
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
