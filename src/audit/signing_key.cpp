#include "audit/signing_key.h"

#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>

#include "audit/verifier_key.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/ensure.h"
#include "base/random.h"
#include "store/file.h"

namespace answerable::audit {
namespace {

constexpr std::string_view private_prefix = "PRIVATE+KEY+";
constexpr char ed25519 = '\1';

std::unexpected<Error> malformed(std::string_view what) {
  return fail(ErrorKind::invalid, "key_malformed", "The ledger key is not well formed: " + std::string(what) + ".");
}

std::string hash_text(const PublicKey& key) {
  auto hash = key_hash(key.name, key.key);
  return to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

Result<VerifierKey> split(std::string_view text) {
  auto parts = split_verifier_key(text, ed25519);
  if (!parts) return malformed(parts.error());
  return *std::move(parts);
}

}  // namespace

std::array<std::uint8_t, 4> key_hash(std::string_view name, const std::array<std::uint8_t, 32>& key) {
  std::string bytes(name);
  bytes += '\n';
  bytes += ed25519;
  bytes.append(reinterpret_cast<const char*>(key.data()), key.size());
  auto digest = sha256(bytes);
  return {digest[0], digest[1], digest[2], digest[3]};
}

std::string PublicKey::text() const {
  std::string bytes(1, ed25519);
  bytes.append(reinterpret_cast<const char*>(key.data()), key.size());
  return name + "+" + hash_text(*this) + "+" + to_base64(bytes);
}

Result<PublicKey> parse_public_key(std::string_view text) {
  TRY(auto parts, split(text));
  PublicKey key{.name = std::string(parts.name)};
  std::memcpy(key.key.data(), parts.bytes.data(), key.key.size());
  if (hash_text(key) != parts.hash) return malformed("its hash");
  return key;
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

Result<SigningKey> SigningKey::from_seed(std::string_view name, std::string_view seed) {
  if (!is_key_name(name)) return malformed("its name");
  ensure(sodium_init() >= 0 && seed.size() == crypto_sign_SEEDBYTES, "an Ed25519 seed has 32 bytes");
  SigningKey key;
  key.public_key_.name = name;
  crypto_sign_seed_keypair(key.public_key_.key.data(), key.secret_.data(),
                           reinterpret_cast<const unsigned char*>(seed.data()));
  return key;
}

Result<SigningKey> SigningKey::parse(std::string_view text) {
  if (!text.starts_with(private_prefix)) return malformed("it does not begin with PRIVATE+KEY+");
  TRY(auto parts, split(text.substr(private_prefix.size())));
  TRY(auto key, from_seed(parts.name, parts.bytes));
  if (hash_text(key.public_key_) != parts.hash) return malformed("its hash");
  return key;
}

Result<SigningKey> SigningKey::load_or_create(const std::string& path, std::string_view name) {
  if (::access(path.c_str(), F_OK) == 0) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line))
      return fail(ErrorKind::unavailable, "storage_unavailable", "Cannot read the ledger key " + path + ".");
    return parse(line);
  }
  std::string seed(crypto_sign_SEEDBYTES, '\0');
  fill_random(seed.data(), seed.size());
  TRY(auto key, from_seed(name, seed));
  TRY_STATUS(store::replace_file(path, std::string(private_prefix) + std::string(name) + "+" +
                                           hash_text(key.public_key_) + "+" + to_base64(ed25519 + seed) + "\n"));
  return key;
}

std::array<std::uint8_t, 64> SigningKey::sign(std::string_view message) const {
  std::array<std::uint8_t, 64> signature{};
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(message.data()),
                       message.size(), secret_.data());
  return signature;
}

}  // namespace answerable::audit
