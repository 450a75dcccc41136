#include "base/digest.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <initializer_list>
#include <memory>

#include "base/ensure.h"

namespace answerable {

namespace {

constexpr std::size_t block_bytes = 64;

// OpenSSL looks an algorithm up by its name in each SHA256() and HMAC(), which costs more than hashing an entry of the
// ledger; here once a thread. It uses SHA-NI, libsodium does not.
Digest hash(std::initializer_list<std::string_view> parts) {
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context = [] {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> made(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    ensure(made && EVP_DigestInit_ex(made.get(), EVP_sha256(), nullptr) == 1, "SHA-256 is there");
    return made;
  }();
  Digest digest;
  bool done = EVP_DigestInit_ex(context.get(), nullptr, nullptr) == 1;
  for (auto part : parts) done = done && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  ensure(done && EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1, "SHA-256 of bytes in memory");
  return digest;
}

}  // namespace

Digest sha256(std::string_view bytes) { return hash({bytes}); }

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  const auto short_key = key.size() > block_bytes ? sha256(key) : Digest{};
  if (key.size() > block_bytes) key = as_bytes(short_key);
  std::array<char, block_bytes> inner{}, outer{};
  for (std::size_t i = 0; i < block_bytes; ++i) {
    const char c = i < key.size() ? key[i] : '\0';
    inner[i] = static_cast<char>(c ^ 0x36);
    outer[i] = static_cast<char>(c ^ 0x5c);
  }
  const auto inside = hash({{inner.data(), inner.size()}, bytes});
  const auto code = hash({{outer.data(), outer.size()}, as_bytes(inside)});
  sodium_memzero(inner.data(), inner.size());
  sodium_memzero(outer.data(), outer.size());
  return code;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace answerable
