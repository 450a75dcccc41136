// Guesses the charset of 8-bit text that says none and is no UTF-8, from how its bytes stand together. Pure; linear.
#pragma once

#include <string_view>

namespace answerable::mail {

// A name for iconv, or empty when the text may as well be in the alphabet of western Europe (windows-1252).
std::string_view guess_charset(std::string_view bytes);

}  // namespace answerable::mail
