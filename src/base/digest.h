// SHA-256 (FIPS 180-4), HMAC-SHA-256 (RFC 2104) and a comparison whose time does not depend on the content.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace answerable {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);
Digest hmac_sha256(std::string_view key, std::string_view bytes);
bool equal_in_constant_time(std::string_view a, std::string_view b);

inline std::string_view as_bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace answerable
