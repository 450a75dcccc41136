#include "mail/raw_fields.h"

#include "mail/ascii.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

// The end of the line that begins at `at`, after its line end.
std::size_t line_end(std::string_view raw, std::size_t at) {
  const auto found = raw.find('\n', at);
  return found == std::string_view::npos ? raw.size() : found + 1;
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

RawMessage split_raw(std::string_view raw) {
  RawMessage message;
  std::size_t at = 0;
  while (at < raw.size()) {
    auto end = line_end(raw, at);
    if (without_line_end(raw.substr(at, end - at)).empty()) {
      message.body = raw.substr(end);
      return message;
    }
    while (end < raw.size() && is_blank(raw[end])) end = line_end(raw, end);
    const auto field = without_line_end(raw.substr(at, end - at));
    const auto colon = field.find(':');
    if (colon == std::string_view::npos || colon == 0 || end > max_header_bytes || message.fields.size() >= max_headers)
      return {};
    auto name = field.substr(0, colon);
    while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
    message.fields.push_back({name, field});
    at = end;
  }
  return message;
}

std::string unfold(std::string_view value) {
  std::string line;
  for (char c : value)
    if (c != '\r' && c != '\n') line += c;
  return std::string(trim(line));
}

}  // namespace answerable::mail
