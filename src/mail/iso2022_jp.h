// ISO-2022-JP (RFC 1468) as Japanese mailers really send it: with half-width katakana and the vendor rows that the C
// library's converter refuses. Turned into code page 932, which has them all.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

std::string iso2022_jp_to_cp932(std::string_view bytes);

}  // namespace answerable::mail
