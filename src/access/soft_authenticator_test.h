// An authenticator in software, for tests: one discoverable passkey with a P-256 key (COSE ES256), as a real one would
// write it (W3C Web Authentication, section 6.1).
#pragma once

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "access/webauthn.h"
#include "base/ensure.h"
#include "base/random.h"

namespace answerable::access {

class SoftAuthenticator {
 public:
  static constexpr std::uint8_t touched_and_verified = 0x05;

  SoftAuthenticator() : key_(EVP_EC_gen("P-256")), credential_id_(32, '\0') {
    ensure(key_ != nullptr, "a key");
    fill_random(credential_id_.data(), credential_id_.size());
  }

  std::uint32_t counter = 1;
  const std::string& credential_id() const { return credential_id_; }

  std::string registration(std::string_view party_id, std::uint8_t flags = touched_and_verified) const {
    const auto id_size = credential_id_.size();
    auto data = head(party_id, flags | 0x40);
    data.append(16, '\0');  // AAGUID: none
    data.push_back(static_cast<char>(id_size >> 8));
    data.push_back(static_cast<char>(id_size));
    return data + credential_id_ + cose_key();
  }
  std::string assertion(std::string_view party_id, std::uint8_t flags = touched_and_verified) const {
    return head(party_id, flags);
  }
  std::string sign(std::string_view authenticator_data, const Digest& client_hash) const {
    const auto message = std::string(authenticator_data).append(as_bytes(client_hash));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::string signature(128, '\0');
    std::size_t size = signature.size();
    const bool is_signed = EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
                           EVP_DigestSign(context.get(), bytes(signature), &size, bytes(message), message.size()) == 1;
    ensure(is_signed, "a signature");
    return signature.substr(0, size);
  }

 private:
  static unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
  static const unsigned char* bytes(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  }

  std::string head(std::string_view party_id, int flags) const {
    const auto hash = sha256(party_id);
    std::string data(as_bytes(hash));
    data.push_back(static_cast<char>(flags));
    for (int shift = 24; shift >= 0; shift -= 8) data.push_back(static_cast<char>(counter >> shift));
    return data;
  }

  std::string cose_key() const {
    std::string point(65, '\0');  // 04, x, y
    std::size_t size = 0;
    ensure(
        EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, bytes(point), point.size(), &size) == 1 &&
            size == point.size(),
        "an uncompressed point");
    using std::literals::operator""s;
    return "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"s + point.substr(1, 32) + "\x22\x58\x20"s + point.substr(33);
  }

  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  std::unique_ptr<EVP_PKEY, Free> key_;
  std::string credential_id_;
};

}  // namespace answerable::access
