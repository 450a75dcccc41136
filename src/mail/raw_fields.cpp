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
  if (value.find_first_of("\r\n") == std::string_view::npos) return std::string(trim(value));
  std::string line;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\n' || value.substr(i).starts_with("\r\n")) continue;
    line += value[i] == '\r' ? ' ' : value[i];
  }
  return std::string(trim(line));
}

}  // namespace answerable::mail
