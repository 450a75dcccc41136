// UTF-8 (RFC 3629) for text that strangers send.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace answerable {

bool is_valid_utf8(std::string_view text);
// Replaces each ill-formed sequence by U+FFFD and drops NUL; the result is valid UTF-8.
std::string to_valid_utf8(std::string_view bytes);
// The longest prefix of at most max_bytes that does not cut a code point.
std::string_view truncate_utf8(std::string_view text, std::size_t max_bytes);
// One line for a list: white space folded to one blank, control characters dropped, at most max_bytes, "…" when cut.
std::string one_line(std::string_view text, std::size_t max_bytes);

}  // namespace answerable
