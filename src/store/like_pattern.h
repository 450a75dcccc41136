// Patterns for LIKE, the same on both engines. Pure.
#pragma once

#include <string>
#include <string_view>

namespace answerable::store {

// Contains `text`, without regard to ASCII case when what it is compared with is in small letters. For
// "… like $1 escape '!'".
std::string like_containing(std::string_view text);

}  // namespace answerable::store
