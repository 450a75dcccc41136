#include "access/seal.h"

#include <sodium.h>

#include "base/ensure.h"
#include "base/random.h"

namespace answerable::access {
namespace {

unsigned char* as_unsigned(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* as_unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

std::string seal(std::string_view key, std::string_view whose, std::string_view secret) {
  ensure(sodium_init() >= 0 && key.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a key of 32 bytes");
  std::string nonce(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, '\0');
  fill_random(nonce.data(), nonce.size());
  std::string sealed(secret.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(as_unsigned(sealed), nullptr, as_unsigned(secret), secret.size(),
                                             as_unsigned(whose), whose.size(), nullptr,
                                             as_unsigned(std::string_view(nonce)), as_unsigned(key));
  return nonce + sealed;
}

Result<std::string> unseal(std::string_view key, std::string_view whose, std::string_view stored) {
  ensure(sodium_init() >= 0 && key.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a key of 32 bytes");
  constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  constexpr std::size_t more_bytes = nonce_bytes + crypto_aead_xchacha20poly1305_ietf_ABYTES;
  if (stored.size() < more_bytes) return fail(ErrorKind::internal, "secret_unreadable", "too short");
  std::string secret(stored.size() - more_bytes, '\0');
  const auto sealed = stored.substr(nonce_bytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(as_unsigned(secret), nullptr, nullptr, as_unsigned(sealed),
                                                 sealed.size(), as_unsigned(whose), whose.size(), as_unsigned(stored),
                                                 as_unsigned(key)) != 0)
    return fail(ErrorKind::internal, "secret_unreadable", "another key, or a changed row");
  return secret;
}

std::optional<std::string> reseal(std::string_view from, std::string_view to, std::string_view whose,
                                  std::string_view stored) {
  if (const auto secret = unseal(from, whose, stored)) return seal(to, whose, *secret);
  if (unseal(to, whose, stored)) return std::string(stored);
  return std::nullopt;
}

}  // namespace answerable::access
