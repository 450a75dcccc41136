// The Ed25519 key with which this installation signs checkpoints, in the text forms of C2SP signed-note: the private
// key lives in a file of the data folder, the public one ("verifier key") is given to whoever wants to check the
// ledger.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::audit {

// Of an installation: the name that its checkpoints' origins begin with, e.g. "answerable.example.com". Printable ASCII
// without white space and '+', at most 200 characters.
struct PublicKey {
  std::string name;
  std::array<std::uint8_t, 32> key{};

  // name+hash+base64: eight hex digits of the key's hash, then 0x01 and the key.
  std::string text() const;
  bool operator==(const PublicKey&) const = default;
};

// The first four bytes of SHA-256(name, "\n", 0x01, key).
std::array<std::uint8_t, 4> key_hash(std::string_view name, const std::array<std::uint8_t, 32>& key);

// Errors: invalid "key_malformed".
Result<PublicKey> parse_public_key(std::string_view text);

class SigningKey {
 public:
  // Reads the key from `path`; makes one with this name if there is no such file (mode 0600, durable when it returns).
  // Errors: invalid "key_malformed", unavailable "storage_unavailable".
  static Result<SigningKey> load_or_create(const std::string& path, std::string_view name);
  ~SigningKey();
  SigningKey(const SigningKey&) = default;
  SigningKey& operator=(const SigningKey&) = default;

  const PublicKey& public_key() const { return public_key_; }
  std::array<std::uint8_t, 64> sign(std::string_view message) const;

 private:
  SigningKey() = default;
  static Result<SigningKey> from_seed(std::string_view name, std::string_view seed);
  static Result<SigningKey> parse(std::string_view text);

  PublicKey public_key_;
  std::array<std::uint8_t, 64> secret_{};
};

}  // namespace answerable::audit
