// Text within HTML, or within the quotes of an attribute.
#pragma once

#include <string>
#include <string_view>

namespace answerable {

void append_html_escaped(std::string& out, std::string_view text);  // & < > " '; everything else as it is

}  // namespace answerable
