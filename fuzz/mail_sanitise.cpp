// Any bytes as HTML: what comes out is a fixed point, and holds nothing that could run, load or cover. What is read
// without gumbo gives gumbo's tree.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "base/utf8.h"
#include "mail/html_text.h"
#include "mail/html_trees_test.h"
#include "mail/sanitise.h"
#include "mail/text_to_html.h"
#include "safe_html.h"

using namespace answerable;
using namespace answerable::mail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto html = to_valid_utf8({reinterpret_cast<const char*>(data), size});
  auto safe = sanitise_html(html);
  ensure(is_valid_utf8(safe), "the result is valid UTF-8");
  answerable::fuzz::SafeHtmlReader(safe).check();
  ensure(sanitise_html(safe) == safe, "sanitising again changes nothing");
  auto boxed = in_box(safe);
  ensure(in_box(sanitise_html(boxed)) == boxed, "nor does it in its box");
  auto made = text_to_html(html);
  ensure(sanitise_html(made) == made, "HTML that is made of text is safe as it is");
  if (const auto tree = tree_of_orderly(html)) ensure(*tree == tree_of_gumbo(html), "both readers see the same");
  HtmlDocument document(html);
  if (document.is_parsed()) ensure(is_valid_utf8(join_lines(html_to_lines(document))), "the text is valid UTF-8");
  return 0;
}
