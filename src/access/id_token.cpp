#include "access/id_token.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <memory>

#include "base/digest.h"

namespace answerable::access {
namespace {

constexpr std::size_t coordinate_bytes = 32;  // of P-256

template <auto release>
struct Free {
  void operator()(auto* what) const { release(what); }
};
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;

const unsigned char* as_unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Number to_number(std::string_view bytes) {
  return Number(BN_bin2bn(as_unsigned(bytes), static_cast<int>(bytes.size()), nullptr));
}

Key make_key(const char* kind, const Builder& builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  const bool is_made = parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                       EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
  return Key(is_made ? key : nullptr);
}

Key rsa_key(const ProviderKey& key) {
  if (key.modulus.size() < rsa_bytes_min || key.modulus.size() > rsa_bytes_max || key.exponent.empty() ||
      key.exponent.size() > sizeof(std::uint64_t))
    return nullptr;
  const auto modulus = to_number(key.modulus);
  const auto exponent = to_number(key.exponent);
  const Builder builder(OSSL_PARAM_BLD_new());
  const bool is_built = modulus && exponent && builder &&
                        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
                        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1;
  return is_built ? make_key("RSA", builder) : nullptr;
}

Key ec_key(const ProviderKey& key) {
  if (key.x.size() != coordinate_bytes || key.y.size() != coordinate_bytes) return nullptr;
  const auto point = "\x04" + key.x + key.y;
  const Builder builder(OSSL_PARAM_BLD_new());
  const bool is_built =
      builder && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1;
  return is_built ? make_key("EC", builder) : nullptr;
}

// RFC 7518 section 3.4 writes r and s one after the other, OpenSSL wants them in DER.
std::string to_der(std::string_view signature) {
  if (signature.size() != 2 * coordinate_bytes) return {};
  const EcSignature made(ECDSA_SIG_new());
  auto r = to_number(signature.substr(0, coordinate_bytes));
  auto s = to_number(signature.substr(coordinate_bytes));
  if (!made || !r || !s || ECDSA_SIG_set0(made.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());  // they belong to the signature now
  static_cast<void>(s.release());
  unsigned char* bytes = nullptr;
  const auto size = i2d_ECDSA_SIG(made.get(), &bytes);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

bool verifies(const Key& key, std::string_view signed_part, std::string_view signature) {
  const DigestContext context(EVP_MD_CTX_new());
  return key && context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), as_unsigned(signature), signature.size(), as_unsigned(signed_part),
                          signed_part.size()) == 1;
}

std::unexpected<Error> refuse(std::string_view why) {
  return fail(ErrorKind::unauthenticated, "sign_in_refused", std::string(why));
}

bool is_for(const IdTokenClaims& claims, std::string_view client_id) {
  return std::ranges::find(claims.audience, client_id) != claims.audience.end();
}

bool is_of_now(const IdTokenClaims& claims, std::int64_t now_ms) {
  constexpr std::int64_t time_max_s = 253'402'300'799;  // the year 9999
  const bool is_time =
      claims.expires_s > 0 && claims.expires_s <= time_max_s && claims.issued_s > 0 && claims.issued_s <= time_max_s;
  return is_time && claims.expires_s * 1'000 + provider_clock_off_ms > now_ms &&
         claims.issued_s * 1'000 + id_token_old_ms > now_ms &&
         claims.issued_s * 1'000 - provider_clock_off_ms <= now_ms;
}

}  // namespace

bool is_signed_by(const ProviderKey& key, std::string_view signed_part, std::string_view signature) {
  if (key.algorithm == "RS256") return verifies(rsa_key(key), signed_part, signature);
  if (key.algorithm == "ES256") return verifies(ec_key(key), signed_part, to_der(signature));
  return false;
}

Status judge_id_token(const IdTokenClaims& claims, const ExpectedIdToken& expected) {
  if (claims.issuer != expected.issuer) return refuse("The answer comes from another provider than yours.");
  const bool is_for_another =
      (claims.audience.size() > 1 || !claims.authorized_party.empty()) && claims.authorized_party != expected.client_id;
  if (!is_for(claims, expected.client_id) || is_for_another)
    return refuse("The answer of the provider is for another application.");
  if (expected.nonce.empty() || !equal_in_constant_time(claims.nonce, expected.nonce))
    return refuse("The answer of the provider belongs to another sign-in. Begin again.");
  if (!is_of_now(claims, expected.now.ms))
    return refuse("The answer of the provider is not of now. Are both clocks right?");
  if (claims.subject.empty() || claims.subject.size() > subject_bytes_max)
    return refuse("The provider does not say who you are.");
  const auto is_asked_for = [&](const std::string& said) {
    return std::ranges::find(expected.assurance, said) != expected.assurance.end();
  };
  if (expected.assurance.empty() || std::ranges::any_of(claims.assurance, is_asked_for)) return {};
  return fail(
      ErrorKind::unauthenticated, "sign_on_too_weak",
      "Your company's sign-in did not make as sure that it is you as your workspace asks. Use a second factor.");
}

Status judge_logout(const LogoutClaims& claims, std::string_view issuer, std::string_view client_id, Time now) {
  const auto& token = claims.token;
  if (token.issuer != issuer || !is_for(token, client_id)) return refuse("This logout is not for us.");
  if (!claims.is_logout || claims.has_nonce || claims.id.empty()) return refuse("This is no logout.");
  if (!is_of_now(token, now.ms)) return refuse("This logout is not of now. Are both clocks right?");
  if ((token.subject.empty() && token.session.empty()) || token.subject.size() > subject_bytes_max)
    return refuse("This logout does not say whose.");
  return {};
}

}  // namespace answerable::access
