#include "mail/message_ids.h"

#include <algorithm>
#include <unordered_set>

#include "mail/ascii.h"
#include "mail/charset.h"
#include "mail/encoded_word.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

std::string without_blanks(std::string_view text) {
  std::string id;
  for (char c : text)
    if (static_cast<unsigned char>(c) > 32 && c != 127 && c != '<' && c != '>') id += c;
  return decode_raw_header(id);
}

// Ids that stand between blanks and commas, for clients that forget the brackets.
void split_bare(std::string_view text, std::vector<std::string>& ids) {
  while (!text.empty()) {
    auto start = text.find_first_not_of(" \t\r\n,;");
    if (start == std::string_view::npos) return;
    auto end = text.find_first_of(" \t\r\n,;", start);
    auto word = text.substr(start, end == std::string_view::npos ? end : end - start);
    if (word.find('@') != std::string_view::npos) ids.push_back(without_blanks(word));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  }
}

std::vector<std::string> split_ids(std::string_view value) {
  std::vector<std::string> ids;
  if (value.find('<') == std::string_view::npos) {
    split_bare(value, ids);
    if (auto word = trim(value); ids.empty() && !word.empty() && word.find_first_of(" \t") == std::string_view::npos)
      ids.push_back(without_blanks(word));
    return ids;
  }
  while (!value.empty()) {
    auto open = value.find('<');
    if (open == std::string_view::npos) break;
    split_bare(value.substr(0, open), ids);
    auto close = value.find('>', open);
    auto inside = value.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
    ids.push_back(without_blanks(inside));
    value.remove_prefix(close == std::string_view::npos ? value.size() : close + 1);
  }
  split_bare(value, ids);
  return ids;
}

}  // namespace

std::vector<std::string> parse_message_ids(std::string_view value) {
  // Encoded words may not be here (RFC 2047 section 5), and gateways put them here.
  std::string decoded;
  if (value.find("=?") != std::string_view::npos) value = decoded = decode_header_text(value);
  auto ids = split_ids(value);
  std::unordered_set<std::string> seen;
  std::erase_if(ids, [&](const std::string& id) {
    return id.empty() || id.size() > max_message_id_bytes || !seen.insert(id).second;
  });
  if (ids.size() > max_references) {
    constexpr auto first = max_references / 2;
    ids.erase(ids.begin() + first, ids.end() - static_cast<std::ptrdiff_t>(max_references - first));
  }
  return ids;
}

}  // namespace answerable::mail
