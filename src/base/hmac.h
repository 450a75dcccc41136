// HMAC (RFC 2104) with the hash functions that providers and standards ask for. Our own signatures use hmac_sha256 of
// digest.h; SHA-1 is here only for what others have fixed (Twilio, one-time passwords). Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace answerable {

enum class HashFunction : std::uint8_t { sha1, sha256, sha512 };

// 20, 32 or 64 bytes.
std::string hmac(HashFunction function, std::string_view key, std::string_view bytes);

}  // namespace answerable
