// Hex, base64 and base64url (RFC 4648). Decoders accept the exact form only: no white space, canonical padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace answerable {

std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view text);
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);
std::string to_base64url(std::string_view bytes);  // without padding
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace answerable
