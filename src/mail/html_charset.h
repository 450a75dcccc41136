// The charset that an HTML document names for itself in a meta element, for mail whose part header names none. Pure.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

std::string declared_html_charset(std::string_view html);  // empty when none

}  // namespace answerable::mail
