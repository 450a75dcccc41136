#include "access/webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include <algorithm>
#include <array>
#include <memory>

#include "access/cbor_bounds.h"
#include "base/ensure.h"

namespace answerable::access {
namespace {

constexpr std::array algorithms{COSE_ES256, COSE_EDDSA, COSE_RS256};
constexpr std::size_t flags_at = 32;  // after the SHA-256 of the relying party's id
constexpr std::size_t head_bytes = 37;
constexpr unsigned user_present = 0x01;
constexpr unsigned user_verified = 0x04;
constexpr unsigned has_credential = 0x40;

template <class T, void (*release)(T**)>
struct Free {
  void operator()(T* what) const { release(&what); }
};
using Cred = std::unique_ptr<fido_cred_t, Free<fido_cred_t, fido_cred_free>>;
using Assertion = std::unique_ptr<fido_assert_t, Free<fido_assert_t, fido_assert_free>>;
using Es256 = std::unique_ptr<es256_pk_t, Free<es256_pk_t, es256_pk_free>>;
using Eddsa = std::unique_ptr<eddsa_pk_t, Free<eddsa_pk_t, eddsa_pk_free>>;
using Rs256 = std::unique_ptr<rs256_pk_t, Free<rs256_pk_t, rs256_pk_free>>;

const unsigned char* as_unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::unexpected<Error> refuse(std::string_view why) {
  return fail(ErrorKind::invalid, "passkey_refused", std::string(why));
}

Status check_client(const RelyingParty& party, const ClientData& client, std::string_view type) {
  if (client.type != type) return refuse("This answer of a passkey is for something else.");
  if (client.is_cross_origin || !is_origin_of(party, client.origin))
    return refuse("This passkey was used on another site than this one.");
  return {};
}

Status check_head(const RelyingParty& party, std::string_view data, unsigned flags) {
  if (data.size() < head_bytes || data.size() > authenticator_data_bytes_max)
    return refuse("The answer of the passkey cannot be read.");
  const auto expected = sha256(party.id);
  if (data.substr(0, flags_at) != as_bytes(expected))
    return refuse("This passkey was used on another site than this one.");
  if ((static_cast<unsigned char>(data[flags_at]) & flags) != flags)
    return refuse("The passkey did not check that it is you. Use one with a PIN, a fingerprint or a face.");
  if (!is_bounded_authenticator_data(data)) return refuse("The answer of the passkey cannot be read.");
  return {};
}

// libfido2 wants to know the algorithm before it reads the key.
Cred read_credential(std::string_view data) {
  for (const int algorithm : algorithms) {
    Cred cred(fido_cred_new());
    ensure(cred != nullptr, "memory for a credential");
    if (fido_cred_set_type(cred.get(), algorithm) == FIDO_OK &&
        fido_cred_set_authdata_raw(cred.get(), as_unsigned(data), data.size()) == FIDO_OK)
      return cred;
  }
  return nullptr;
}

std::string_view view(const unsigned char* bytes, std::size_t size) {
  return bytes == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(bytes), size);
}

Assertion read_assertion(const RelyingParty& party, const ClientData& client, std::string_view data,
                         std::string_view signature) {
  Assertion made(fido_assert_new());
  ensure(made != nullptr, "memory for an assertion");
  auto* const a = made.get();
  const auto hash = as_bytes(client.hash);
  const bool is_read = fido_assert_set_count(a, 1) == FIDO_OK && fido_assert_set_rp(a, party.id.c_str()) == FIDO_OK &&
                       fido_assert_set_clientdata_hash(a, as_unsigned(hash), hash.size()) == FIDO_OK &&
                       fido_assert_set_up(a, FIDO_OPT_TRUE) == FIDO_OK &&
                       fido_assert_set_uv(a, FIDO_OPT_TRUE) == FIDO_OK &&
                       fido_assert_set_authdata_raw(a, 0, as_unsigned(data), data.size()) == FIDO_OK &&
                       fido_assert_set_sig(a, 0, as_unsigned(signature), signature.size()) == FIDO_OK;
  return is_read ? std::move(made) : nullptr;
}

template <class Key, class FromBytes>
bool verifies(const Assertion& assertion, const PasskeyPublicKey& key, Key made, FromBytes from_bytes) {
  ensure(made != nullptr, "memory for a key");
  if (from_bytes(made.get(), key.bytes.data(), key.bytes.size()) != FIDO_OK) return false;
  return fido_assert_verify(assertion.get(), 0, static_cast<int>(key.algorithm), made.get()) == FIDO_OK;
}

bool is_signed_by(const Assertion& assertion, const PasskeyPublicKey& key) {
  switch (key.algorithm) {
    case COSE_ES256: return verifies(assertion, key, Es256(es256_pk_new()), es256_pk_from_ptr);
    case COSE_EDDSA: return verifies(assertion, key, Eddsa(eddsa_pk_new()), eddsa_pk_from_ptr);
    case COSE_RS256: return verifies(assertion, key, Rs256(rs256_pk_new()), rs256_pk_from_ptr);
    default: return false;
  }
}

std::string_view host_of(std::string_view origin) {
  const auto at = origin.find("://");
  auto host = at == std::string_view::npos ? origin : origin.substr(at + 3);
  return host.substr(0, host.find(':', host.starts_with('[') ? host.find(']') : 0));
}

}  // namespace

RelyingParty relying_party(std::string_view public_url) {
  const auto at = public_url.find("://");
  const auto origin = public_url.substr(0, public_url.find('/', at == std::string_view::npos ? 0 : at + 3));
  const auto host = host_of(origin);
  if (host == "localhost" || host == "127.0.0.1" || host == "[::1]") return {.id = "localhost", .origin = {}};
  return {.id = std::string(host), .origin = std::string(origin)};
}

bool is_origin_of(const RelyingParty& party, std::string_view origin) {
  if (!party.origin.empty()) return origin == party.origin;
  constexpr std::string_view local = "http://localhost";
  if (!origin.starts_with(local)) return false;
  const auto port = origin.substr(local.size());
  return port.empty() || (port.front() == ':' && port.size() > 1 && port.size() <= 6 &&
                          std::ranges::all_of(port.substr(1), [](char c) { return c >= '0' && c <= '9'; }));
}

Result<RegisteredPasskey> read_registration(const RelyingParty& party, const ClientData& client,
                                            std::string_view data) {
  TRY_STATUS(check_client(party, client, "webauthn.create"));
  TRY_STATUS(check_head(party, data, user_present | user_verified | has_credential));
  const auto cred = read_credential(data);
  if (!cred) return refuse("The answer of the passkey cannot be read, or its kind of key is not one of ours.");
  RegisteredPasskey read{
      .credential_id = std::string(view(fido_cred_id_ptr(cred.get()), fido_cred_id_len(cred.get()))),
      .key = {.algorithm = fido_cred_type(cred.get()),
              .bytes = std::string(view(fido_cred_pubkey_ptr(cred.get()), fido_cred_pubkey_len(cred.get())))},
      .counter = fido_cred_sigcount(cred.get())};
  if (read.credential_id.empty() || read.credential_id.size() > credential_id_bytes_max || read.key.bytes.empty())
    return refuse("The answer of the passkey cannot be read, or its kind of key is not one of ours.");
  return read;
}

Result<std::uint32_t> verify_assertion(const RelyingParty& party, const ClientData& client, const PasskeyPublicKey& key,
                                       std::string_view data, std::string_view signature) {
  TRY_STATUS(check_client(party, client, "webauthn.get"));
  TRY_STATUS(check_head(party, data, user_present | user_verified));
  if (signature.empty() || signature.size() > passkey_signature_bytes_max)
    return refuse("The answer of the passkey cannot be read.");
  const auto assertion = read_assertion(party, client, data, signature);
  if (!assertion) return refuse("The answer of the passkey cannot be read.");
  if (!is_signed_by(assertion, key)) return refuse("The signature of the passkey is not right.");
  return fido_assert_sigcount(assertion.get(), 0);
}

}  // namespace answerable::access
