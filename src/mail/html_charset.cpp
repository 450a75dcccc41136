#include "mail/html_charset.h"

#include "mail/ascii.h"

namespace answerable::mail {

std::string declared_html_charset(std::string_view html) {
  auto head = html.substr(0, 4096);
  for (auto meta = find_letters(head, "<meta"); meta != std::string_view::npos; meta = find_letters(head, "<meta")) {
    head.remove_prefix(meta + 5);
    auto tag = head.substr(0, head.find('>'));
    auto at = find_letters(tag, "charset");
    if (at == std::string_view::npos) continue;
    auto value = trim(tag.substr(at + 7));
    if (!value.starts_with('=')) continue;
    value = trim(value.substr(1));
    while (!value.empty() && (value[0] == '"' || value[0] == '\'')) value.remove_prefix(1);
    auto label = value.substr(0, value.find_first_of("\"'; \t\r\n/>"));
    if (starts_with_letters(label, "utf-16")) return "utf-8";  // it could be read as ASCII, so it is not UTF-16
    if (!label.empty()) return std::string(label);
  }
  return {};
}

}  // namespace answerable::mail
