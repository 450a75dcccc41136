#include "policy/html_words.h"

#include <array>
#include <utility>

namespace answerable::policy {

std::string words_of_html(std::string_view html) {
  std::string out;
  for (std::size_t at = 0; at < html.size();) {
    const auto open = std::min(html.find('<', at), html.size());
    out += html.substr(at, open - at);
    if (open == html.size()) break;
    const auto close = std::min(html.find('>', open), html.size());
    const auto tag = html.substr(open, close - open);
    // Words that a tag parts are parted; those that it only dresses are not.
    const bool is_block = tag.starts_with("<p") || tag.starts_with("<br") || tag.starts_with("<d") ||
                          tag.starts_with("<t") || tag.starts_with("<l") || tag.starts_with("</");
    if (is_block && !tag.starts_with("</b") && !tag.starts_with("</i") && !tag.starts_with("</s")) out += ' ';
    at = close + 1;
  }
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> signs{
      {{"&nbsp;", " "}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}};
  for (const auto& [name, sign] : signs) {
    for (auto found = out.find(name); found != std::string::npos; found = out.find(name, found + sign.size()))
      out.replace(found, name.size(), sign);
  }
  return out;
}

}  // namespace answerable::policy
