// Any bytes as HTML: what comes out is a fixed point, and holds nothing that could run, load or cover.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "base/utf8.h"
#include "mail/html_text.h"
#include "mail/sanitise.h"
#include "mail/text_to_html.h"

using namespace answerable;
using namespace answerable::mail;

namespace {

// `name`: " src=". A quote is literal only around values, so the one after a name is the first, third … of all; the
// one that ends a value of these letters is not.
bool has_attribute(std::string_view html, std::string_view name) {
  bool is_in_value = false;
  for (std::size_t at = 0; (at = html.find('"', at)) != std::string_view::npos; ++at) {
    if (!is_in_value && html.substr(0, at).ends_with(name)) return true;
    is_in_value = !is_in_value;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto html = to_valid_utf8({reinterpret_cast<const char*>(data), size});
  auto safe = sanitise_html(html);
  ensure(is_valid_utf8(safe), "the result is valid UTF-8");
  constexpr std::array<std::string_view, 14> never{
      "<script",   "<svg",   "<math", "<style", "<iframe", "<form",   "<object",
      "<template", "<input", " src=", " id=",   " name=",  " class=", " srcset="};
  for (auto word : never) {
    // Text keeps these letters only escaped: "<" is never literal there, and quotes are &quot;.
    if (word[0] == '<')
      ensure(safe.find(word) == std::string::npos, "no such element");
    else
      ensure(!has_attribute(safe, word), "no such attribute");
  }
  ensure(sanitise_html(safe) == safe, "sanitising again changes nothing");
  auto made = text_to_html(html);
  ensure(sanitise_html(made) == made, "HTML that is made of text is safe as it is");
  HtmlDocument document(html);
  if (document.is_parsed()) ensure(is_valid_utf8(join_lines(html_to_lines(document))), "the text is valid UTF-8");
  return 0;
}
