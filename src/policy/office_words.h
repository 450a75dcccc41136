// What documents of offices say (docx, xlsx, pptx, odt, ods, odp, epub and their kin): ZIP archives of XML. Only their
// words and the addresses of their links are read, for the rules on content. Archives in archives, encrypted ones and
// ZIP64 are not opened.
#pragma once

#include <string>
#include <string_view>

namespace answerable::policy {

inline constexpr std::size_t office_members_max = 4'096;              // that an archive may list; more: not read
inline constexpr std::size_t office_member_bytes_max = 8UL << 20;     // of one member, inflated, that are looked at
inline constexpr std::size_t office_inflated_bytes_max = 24UL << 20;  // of all members together

bool is_zip(std::string_view bytes);
// At most `bytes_max` of what the members say, those first that hold the text. Not always valid UTF-8. Empty: nothing,
// or it is damaged. Pure; takes at most as long as inflating and reading office_inflated_bytes_max.
std::string words_of_office_file(std::string_view bytes, std::size_t bytes_max);
// Of one XML member: its text, a line for each paragraph and cell, and the addresses of its links. Entities that a
// document defines itself are left out, so they cannot grow.
void append_words_of_xml(std::string& out, std::string_view xml);

}  // namespace answerable::policy
