// Text in the encodings that files have when they do not say so: UTF-8 or UTF-16, with a mark in front.
#pragma once

#include <string>
#include <string_view>

namespace answerable::policy {

void append_utf8(std::string& out, char32_t c);
// UTF-16 with a mark as UTF-8; anything else as it stands, without a mark of UTF-8. Not always valid.
std::string utf8_of(std::string_view bytes);

}  // namespace answerable::policy
