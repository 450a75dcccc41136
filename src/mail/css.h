// The style attribute of strangers' HTML: only declarations that cannot load, run, cover or leave their box. Pure.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

// "property:value;property:value" in a canonical form; safe_style(safe_style(x)) == safe_style(x). A declaration passes
// only when its property is on the list and every token of its value is of a known harmless kind: words, numbers that
// are not negative and not huge, colours. No escape, comment, url(), string or at-rule survives.
std::string safe_style(std::string_view style);

// A colour as in the attributes of old HTML: a word, #rgb, #rrggbb, or empty.
std::string safe_color(std::string_view value);

}  // namespace answerable::mail
