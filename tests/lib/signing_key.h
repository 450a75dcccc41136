// A key that signs mail for tests.
#pragma once

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "base/ensure.h"

namespace answerable::testing {

// An RSA key of 2,048 bits, or another length. Made once a process: it takes a while.
class SigningKey {
 public:
  explicit SigningKey(unsigned bits = 2'048) : key_(EVP_RSA_gen(bits), EVP_PKEY_free) {
    ensure(key_ != nullptr, "a key can be made");
  }
  // RFC 8463.
  static SigningKey ed25519() { return SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }
  static const SigningKey& shared() {
    static const SigningKey key;
    return key;
  }
  // What the DNS says of it.
  std::string record(std::string_view further = "") const {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key_.get(), &der);
    std::string public_key(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    if (is_ed25519()) return "v=DKIM1; k=ed25519; p=" + to_base64(public_key.substr(public_key.size() - 32));
    return "v=DKIM1; k=rsa; " + std::string(further) + "p=" + to_base64(public_key);
  }
  bool is_ed25519() const { return EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_ED25519; }
  std::string sign(std::string_view text, const EVP_MD* hash) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, key_.get());
    EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size());
    return signature.substr(0, size);
  }

 private:
  explicit SigningKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) { ensure(key_ != nullptr, "a key can be made"); }
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace answerable::testing
