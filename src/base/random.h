// Cryptographically secure randomness (libsodium). Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace answerable {

void fill_random(void* out, std::size_t bytes);
std::uint32_t random_below(std::uint32_t bound);  // uniform in [0, bound); bound > 0
// URL-safe token (RFC 4648 section 5, no padding) of `bytes` random bytes; 32 bytes give 43 characters.
std::string random_token(std::size_t bytes = 32);

}  // namespace answerable
