#include "access/id_token.h"

#include <doctest/doctest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>

#include "base/ensure.h"

namespace answerable::access {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string number(const Key& key, const char* name) {
  BIGNUM* value = nullptr;
  ensure(EVP_PKEY_get_bn_param(key.get(), name, &value) == 1, "a number of the key");
  std::string out(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
  BN_bn2bin(value, bytes(out));
  BN_free(value);
  return out;
}

std::string sign(const Key& key, const std::string& message) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::string signature(512, '\0');
  auto size = signature.size();
  ensure(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
             EVP_DigestSign(context.get(), bytes(signature), &size, bytes(message), message.size()) == 1,
         "a signature");
  return signature.substr(0, size);
}

// r and s of 32 bytes each, out of the DER that OpenSSL makes.
std::string raw_signature(const std::string& der) {
  const auto* at = bytes(der);
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), &ECDSA_SIG_free);
  std::string raw(64, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes(raw), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes(raw) + 32, 32);
  return raw;
}

ProviderKey rsa_public(const Key& key) {
  return {.id = "r",
          .algorithm = "RS256",
          .modulus = number(key, OSSL_PKEY_PARAM_RSA_N),
          .exponent = number(key, OSSL_PKEY_PARAM_RSA_E),
          .x = {},
          .y = {}};
}

ProviderKey ec_public(const Key& key) {
  std::string point(65, '\0');
  std::size_t size = 0;
  ensure(EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, bytes(point), point.size(), &size) == 1,
         "a point");
  return {
      .id = "e", .algorithm = "ES256", .modulus = {}, .exponent = {}, .x = point.substr(1, 32), .y = point.substr(33)};
}

TEST_CASE("an RS256 signature verifies with its key of at least 2,048 bits, and with nothing else") {
  const Key made(EVP_RSA_gen(2048));
  const auto key = rsa_public(made);
  const std::string message = "header.claims";
  const auto signature = sign(made, message);
  CHECK(is_signed_by(key, message, signature));
  CHECK(!is_signed_by(key, message + "x", signature));
  CHECK(!is_signed_by(key, message, signature.substr(1)));
  CHECK(!is_signed_by(key, message, ""));
  auto as_other = key;
  for (const auto* algorithm : {"none", "HS256", "RS512", "", "ES256"}) {
    as_other.algorithm = algorithm;
    CHECK_MESSAGE(!is_signed_by(as_other, message, signature), algorithm);
  }
  const Key small(EVP_RSA_gen(1024));
  CHECK(!is_signed_by(rsa_public(small), message, sign(small, message)));
  auto large = key;
  large.modulus = std::string(rsa_bytes_max + 1, '\x7f');
  CHECK(!is_signed_by(large, message, signature));
}

TEST_CASE("an ES256 signature is r and s on P-256, and verifies with its key only") {
  const Key made(EVP_EC_gen("P-256"));
  const auto key = ec_public(made);
  const std::string message = "header.claims";
  const auto der = sign(made, message);
  const auto signature = raw_signature(der);
  CHECK(is_signed_by(key, message, signature));
  CHECK(!is_signed_by(key, message, der));
  CHECK(!is_signed_by(key, message + "x", signature));
  CHECK(!is_signed_by(key, message, std::string(64, '\0')));
  auto off_curve = key;
  off_curve.y[0] = static_cast<char>(off_curve.y[0] ^ 1);
  CHECK(!is_signed_by(off_curve, message, signature));
  off_curve.y.pop_back();
  CHECK(!is_signed_by(off_curve, message, signature));
}

constexpr std::int64_t now_s = 1'800'000'000;

bool is_accepted(const IdTokenClaims& claims) {
  return judge_id_token(claims, {.issuer = "https://login.acme.example",
                                 .client_id = "answerable",
                                 .nonce = "n-1",
                                 .now = Time{now_s * 1'000}})
      .has_value();
}

IdTokenClaims good() {
  IdTokenClaims claims;
  claims.issuer = "https://login.acme.example";
  claims.subject = "248289761001";
  claims.nonce = "n-1";
  claims.audience = {"answerable"};
  claims.expires_s = now_s + 3'600;
  claims.issued_s = now_s;
  return claims;
}

TEST_CASE("a token is for us, of this sign-in and of its issuer") {
  CHECK(is_accepted(good()));
  const auto refuses = [](auto change) {
    auto claims = good();
    change(claims);
    return !is_accepted(claims);
  };
  CHECK(refuses([](auto& c) { c.issuer = "https://login.acme.example/"; }));
  CHECK(refuses([](auto& c) { c.audience = {"another"}; }));
  CHECK(refuses([](auto& c) { c.audience.clear(); }));
  CHECK(refuses([](auto& c) { c.audience = {"answerable", "another"}; }));  // then azp must say so
  CHECK(refuses([](auto& c) { c.authorized_party = "another"; }));
  CHECK(refuses([](auto& c) { c.nonce = "n-2"; }));
  CHECK(refuses([](auto& c) { c.nonce = ""; }));
  CHECK(refuses([](auto& c) { c.subject = ""; }));
  CHECK(refuses([](auto& c) { c.subject = std::string(subject_bytes_max + 1, 's'); }));
  auto shared = good();
  shared.audience = {"another", "answerable"};
  shared.authorized_party = "answerable";
  CHECK(is_accepted(shared));
}

TEST_CASE("where a workspace asks how it was shown who it is, a token that says nothing of it is too weak") {
  const auto judged = [](std::vector<std::string> said) {
    auto claims = good();
    claims.assurance = std::move(said);
    return judge_id_token(claims, {.issuer = "https://login.acme.example",
                                   .client_id = "answerable",
                                   .nonce = "n-1",
                                   .now = Time{now_s * 1'000},
                                   .assurance = {"urn:acme:strong", "mfa"}});
  };
  CHECK(judged({"urn:acme:strong"}));
  CHECK(judged({"0", "pwd", "mfa"}));
  CHECK(judged({}).error().code == "sign_on_too_weak");
  CHECK(judged({"pwd", "MFA"}).error().code == "sign_on_too_weak");
}

TEST_CASE("a logout is of its issuer, for us, of now, says whose it is, and is no ID token") {
  const auto judged = [](auto change) {
    LogoutClaims claims{.token = good(), .id = "j-1", .is_logout = true, .has_nonce = false};
    claims.token.session = "sid-1";
    change(claims);
    return judge_logout(claims, "https://login.acme.example", "answerable", Time{now_s * 1'000}).has_value();
  };
  CHECK(judged([](auto&) {}));
  CHECK(judged([](auto& c) { c.token.subject = ""; }));
  CHECK(judged([](auto& c) { c.token.session = ""; }));
  CHECK(!judged([](auto& c) { c.token.subject = c.token.session = ""; }));
  CHECK(!judged([](auto& c) { c.token.subject = std::string(subject_bytes_max + 1, 's'); }));
  CHECK(!judged([](auto& c) { c.token.issuer = "https://other.example"; }));
  CHECK(!judged([](auto& c) { c.token.audience = {"another"}; }));
  CHECK(!judged([](auto& c) { c.is_logout = false; }));
  CHECK(!judged([](auto& c) { c.has_nonce = true; }));
  CHECK(!judged([](auto& c) { c.id = ""; }));
  CHECK(!judged([](auto& c) { c.token.issued_s -= id_token_old_ms / 1'000; }));
  CHECK(!judged([](auto& c) { c.token.expires_s = 0; }));
}

TEST_CASE("a token is of now, but for a minute by which clocks may differ") {
  constexpr auto off_s = provider_clock_off_ms / 1'000;
  constexpr auto old_s = id_token_old_ms / 1'000;
  const auto at = [](std::int64_t issued_s, std::int64_t expires_s) {
    auto claims = good();
    claims.issued_s = issued_s;
    claims.expires_s = expires_s;
    return is_accepted(claims);
  };
  CHECK(at(now_s + off_s, now_s + 3'600));
  CHECK(!at(now_s + off_s + 1, now_s + 3'600));
  CHECK(at(now_s - 100, now_s - off_s + 1));
  CHECK(!at(now_s - 100, now_s - off_s));
  CHECK(at(now_s - old_s + 1, now_s + 3'600));
  CHECK(!at(now_s - old_s, now_s + 3'600));
  CHECK(!at(0, now_s + 3'600));
  CHECK(!at(now_s, 0));
  CHECK(!at(now_s, INT64_MAX));
  CHECK(!at(INT64_MAX, now_s + 3'600));
}

}  // namespace
}  // namespace answerable::access
