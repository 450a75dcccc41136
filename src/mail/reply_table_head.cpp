#include <algorithm>

#include "mail/reply_lines.h"
#include "mail/reply_phrases.h"

namespace answerable::mail {

namespace {

constexpr std::size_t max_lone_label_bytes = 24, max_lines_to_subject = 12, max_lines_to_date = 8;
constexpr std::size_t max_date_bytes = 60, max_sender_lines = 3;

bool is_lone(const ReplyLine& line, HeaderLabel label) {
  if (line.is_quote || line.is_blank() || line.content.size() > max_lone_label_bytes) return false;
  return lone_label(line.content) == label;
}

// One past the line with the subject; 0 when none stands near.
std::size_t end_of_head(const ReplyLines& lines, std::size_t to) {
  auto limit = std::min(lines.size(), to + max_lines_to_subject);
  for (auto i = to + 1; i + 1 < limit; ++i)
    if (is_lone(lines[i], HeaderLabel::subject)) return i + 2;
  return 0;
}

bool is_sender(std::string_view content) {
  return content.find('@') != content.npos || content.find('/') != content.npos || is_short_name(content);
}

// The first line of the sender, who stands right above the date; `to` when there is no date.
std::size_t begin_of_head(const ReplyLines& lines, std::size_t to) {
  auto date = to;
  for (auto seen = std::size_t{0}; date > 0 && seen < max_lines_to_date; ++seen) {
    const auto& content = lines[--date].content;
    if (content.size() <= max_date_bytes && tells_date(content)) break;
  }
  if (!tells_date(lines[date].content)) return to;
  auto begin = date;
  while (begin > 0 && date - begin < max_sender_lines && is_sender(lines[begin - 1].content)) --begin;
  return begin;
}

}  // namespace

TableHead find_table_head(const ReplyLines& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!is_lone(lines[i], HeaderLabel::to)) continue;
    auto begin = begin_of_head(lines, i), end = end_of_head(lines, i);
    if (begin < i && end > i) return {begin, end};
  }
  return {};
}

}  // namespace answerable::mail
