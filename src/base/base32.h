// Base32 (RFC 4648 section 6) as people type it from an authenticator's screen.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace answerable {

std::string to_base32(std::string_view bytes);  // without padding
// Either case; blanks and hyphens anywhere; padding or none. Nothing for another character, for a length that no bytes
// have, or for no bytes at all.
std::optional<std::string> from_base32(std::string_view text);

}  // namespace answerable
