// format=flowed (RFC 3676): lines that the sender's client broke are joined again, quotes kept. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace answerable::mail {

std::string unflow(std::string_view text, bool delete_space);

// The other way, for mail that we send: lines of more than flowed_columns letters are broken at blanks so that a reader
// joins them again, quoted ones with their marks. Blanks at line ends go, but for the "-- " of a signature.
// unflow(flow(text), false) is the text, but for those and for blanks between quote marks.
inline constexpr std::size_t flowed_columns = 72;
std::string flow(std::string_view text);

}  // namespace answerable::mail
