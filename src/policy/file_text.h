// What files say, for the rules on content: text, HTML and documents of offices (office_words.h), whatever they call
// themselves. Other formats, PDF among them, are not read.
#pragma once

#include <string>
#include <string_view>

namespace answerable::policy {

inline constexpr std::size_t file_text_bytes_max = 256UL * 1024;   // of one file that are looked at, its first
inline constexpr std::size_t files_text_bytes_max = 512UL * 1024;  // of all files of a message together

// False: a picture but SVG, a sound, a film; its bytes need not be read.
bool may_be_text(std::string_view content_type);
// Valid UTF-8; empty: it is no text. Of HTML its words, then its source, in which the links are. Pure.
std::string text_of_file(std::string_view content_type, std::string_view bytes);
// Puts what one more file says behind the others', within the bound.
void add_file_text(std::string& all, std::string_view content_type, std::string_view bytes);

}  // namespace answerable::policy
