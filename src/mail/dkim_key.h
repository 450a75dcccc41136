// A key that signs the mail we send: RSA (RFC 6376, RFC 8301) or Ed25519 (RFC 8463), by OpenSSL. Thread-safe once made.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct evp_pkey_st;

namespace answerable::mail {

enum class DkimAlgorithm : std::uint8_t { rsa, ed25519 };
std::string_view to_string(DkimAlgorithm algorithm);
std::optional<DkimAlgorithm> parse_dkim_algorithm(std::string_view text);

class DkimKey {
 public:
  // RSA keys have 3,072 bits: 128 bits of security. It takes up to a few seconds to find one.
  static DkimKey make(DkimAlgorithm algorithm);
  // A private key in PEM, not under a password. Errors: invalid "dkim_key" (no such key, RSA of fewer than 2,048 or
  // more than 4,096 bits, longer than max_dkim_key_bytes).
  static Result<DkimKey> read(std::string_view pem);

  DkimAlgorithm algorithm() const;
  bool has_128_bits() const;   // of security: Ed25519, and RSA from 3,072 bits on
  std::string pem() const;     // PKCS #8: a secret
  std::string record() const;  // what the DNS must say of it: the TXT record of <selector>._domainkey.<domain>
  std::string sign(std::string_view text) const;  // the bytes of b=

 private:
  explicit DkimKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace answerable::mail
