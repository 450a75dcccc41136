#include "base/digest.h"

#include <openssl/sha.h>
#include <sodium.h>

#include <cstring>

#include "base/hmac.h"

namespace answerable {

Digest sha256(std::string_view bytes) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         digest.data());  // uses SHA-NI, libsodium does not
  return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  auto code = hmac(HashFunction::sha256, key, bytes);
  Digest digest;
  std::memcpy(digest.data(), code.data(), digest.size());
  return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace answerable
