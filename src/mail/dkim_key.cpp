#include "mail/dkim_key.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/ensure.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Key = std::shared_ptr<evp_pkey_st>;

constexpr std::size_t ed25519_bytes = 32;  // of a public key

Key owned(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

// OpenSSL would ask for the password on the terminal of the server.
int no_password(char*, int, int, void*) { return -1; }

std::unexpected<Error> bad_key() {
  return fail(ErrorKind::invalid, "dkim_key",
              "Give a private key in PEM without a password: RSA of 2,048 to 4,096 bits, or Ed25519.");
}

std::string public_der(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  ensure(size > 0, "a key has a public half");
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

std::string_view to_string(DkimAlgorithm algorithm) { return algorithm == DkimAlgorithm::rsa ? "rsa" : "ed25519"; }

std::optional<DkimAlgorithm> parse_dkim_algorithm(std::string_view text) {
  for (auto algorithm : {DkimAlgorithm::rsa, DkimAlgorithm::ed25519})
    if (to_string(algorithm) == text) return algorithm;
  return std::nullopt;
}

DkimKey DkimKey::make(DkimAlgorithm algorithm) {
  auto key = owned(algorithm == DkimAlgorithm::rsa ? EVP_RSA_gen(dkim_rsa_bits_made)
                                                   : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  ensure(key != nullptr, "a key can be made");
  return DkimKey(std::move(key));
}

Result<DkimKey> DkimKey::read(std::string_view pem) {
  if (pem.empty() || pem.size() > max_dkim_key_bytes) return bad_key();
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  ensure(bio != nullptr, "memory for a key");
  auto key = owned(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  if (!key) return bad_key();
  const int kind = EVP_PKEY_get_base_id(key.get());
  const int bits = EVP_PKEY_get_bits(key.get());
  const bool is_rsa = kind == EVP_PKEY_RSA && bits >= dkim_rsa_bits_min && bits <= dkim_rsa_bits_max;
  if (!is_rsa && kind != EVP_PKEY_ED25519) return bad_key();
  return DkimKey(std::move(key));
}

DkimAlgorithm DkimKey::algorithm() const {
  return EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_ED25519 ? DkimAlgorithm::ed25519 : DkimAlgorithm::rsa;
}

bool DkimKey::has_128_bits() const {
  return algorithm() == DkimAlgorithm::ed25519 || EVP_PKEY_get_bits(key_.get()) >= dkim_rsa_bits_made;
}

std::string DkimKey::pem() const {
  const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
  ensure(bio != nullptr &&
             PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
         "a key can be written");
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

// Ed25519: the 32 bytes alone (RFC 8463 section 4.2).
std::string DkimKey::record() const {
  const auto der = public_der(key_.get());
  const bool is_rsa = algorithm() == DkimAlgorithm::rsa;
  const auto bytes = is_rsa ? der : der.substr(der.size() - ed25519_bytes);
  return "v=DKIM1; k=" + std::string(to_string(algorithm())) + "; p=" + to_base64(bytes);
}

// RSA hashes for itself; Ed25519 is given the hash (RFC 8463 section 3).
std::string DkimKey::sign(std::string_view text) const {
  const bool is_rsa = algorithm() == DkimAlgorithm::rsa;
  const auto hash = sha256(text);
  const auto given = is_rsa ? text : as_bytes(hash);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const auto* bytes = reinterpret_cast<const unsigned char*>(given.data());
  std::size_t size = 0;
  const bool begins =
      context != nullptr &&
      EVP_DigestSignInit(context.get(), nullptr, is_rsa ? EVP_sha256() : nullptr, nullptr, key_.get()) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &size, bytes, given.size()) == 1;
  ensure(begins, "a key can sign");
  std::string signature(size, '\0');
  ensure(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                        given.size()) == 1,
         "a key signs");
  signature.resize(size);
  return signature;
}

}  // namespace answerable::mail
