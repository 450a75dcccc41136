// Lists of short strings in one text column: one a line. What holds a line break itself is folded to one line before.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::conversations {

inline std::string to_lines(const std::vector<std::string>& values) {
  std::string text;
  for (const auto& value : values) {
    if (value.empty()) continue;
    if (!text.empty()) text += '\n';
    for (char c : value) text += c == '\n' || c == '\r' ? ' ' : c;
  }
  return text;
}

inline std::vector<std::string> from_lines(std::string_view text) {
  std::vector<std::string> values;
  while (!text.empty()) {
    auto end = text.find('\n');
    values.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return values;
}

}  // namespace answerable::conversations
