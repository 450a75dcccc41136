#include "base/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/ensure.h"

namespace answerable {

namespace {

const EVP_MD* evp_of(HashFunction function) {
  switch (function) {
    case HashFunction::sha1: return EVP_sha1();
    case HashFunction::sha256: return EVP_sha256();
    case HashFunction::sha512: return EVP_sha512();
  }
  return EVP_sha256();
}

}  // namespace

std::string hmac(HashFunction function, std::string_view key, std::string_view bytes) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int length = 0;
  auto* done = HMAC(evp_of(function), key.empty() ? "" : key.data(), static_cast<int>(key.size()),
                    reinterpret_cast<const unsigned char*>(bytes.empty() ? "" : bytes.data()), bytes.size(),
                    reinterpret_cast<unsigned char*>(digest.data()), &length);
  ensure(done != nullptr, "HMAC of bytes in memory");  // it refuses null pointers
  digest.resize(length);
  return digest;
}

}  // namespace answerable
