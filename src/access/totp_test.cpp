#include "access/totp.h"

#include <doctest/doctest.h>

namespace answerable::access {
namespace {

// RFC 6238 appendix B: the secret of each algorithm is these digits, as long as the hash.
std::string digits(std::size_t count) {
  std::string text;
  while (text.size() < count) text.push_back(static_cast<char>('0' + (text.size() + 1) % 10));
  return text;
}

TEST_CASE("the codes of RFC 6238, appendix B") {
  struct Vector {
    std::int64_t time_s;
    const char *sha1, *sha256, *sha512;
  };
  for (const auto& v : {Vector{59, "94287082", "46119246", "90693936"},
                        {1111111109, "07081804", "68084774", "25091201"},
                        {1111111111, "14050471", "67062674", "99943326"},
                        {1234567890, "89005924", "91819424", "93441116"},
                        {2000000000, "69279037", "90698825", "38618901"},
                        {20000000000, "65353130", "77737706", "47863826"}}) {
    CAPTURE(v.time_s);
    const auto step = v.time_s / 30;
    CHECK(totp_code(digits(20), step, {.algorithm = TotpAlgorithm::sha1, .digits = 8}) == v.sha1);
    CHECK(totp_code(digits(32), step, {.algorithm = TotpAlgorithm::sha256, .digits = 8}) == v.sha256);
    CHECK(totp_code(digits(64), step, {.algorithm = TotpAlgorithm::sha512, .digits = 8}) == v.sha512);
  }
}

TEST_CASE("a code is right for its own half minute, the one before and the one after") {
  const auto secret = digits(20);
  const Time now{1'700'000'000'000};
  const auto step = now.ms / 30'000;
  for (const auto drift : {-1, 0, 1})
    CHECK(match_totp(secret, totp_code(secret, step + drift), now, 0) == step + drift);
  for (const auto drift : {-2, 2}) CHECK(!match_totp(secret, totp_code(secret, step + drift), now, 0));
  for (const auto* code : {"", "1", "0000000", "abcdef"}) CHECK(!match_totp(secret, code, now, 0));
}

TEST_CASE("a code that was used, or an older one, is not right any more") {
  const auto secret = digits(20);
  const Time now{1'700'000'000'000};
  const auto step = now.ms / 30'000;
  CHECK(!match_totp(secret, totp_code(secret, step), now, step));
  CHECK(!match_totp(secret, totp_code(secret, step - 1), now, step));
  CHECK(match_totp(secret, totp_code(secret, step + 1), now, step) == step + 1);
}

TEST_CASE("base32 is that of RFC 4648, and reads what people type") {
  CHECK(to_base32("") == "");
  CHECK(to_base32("f") == "MY");
  CHECK(to_base32("fooba") == "MZXW6YTB");
  CHECK(to_base32("foobar") == "MZXW6YTBOI");
  CHECK(from_base32("mzxw 6ytb oi") == "foobar");
  CHECK(from_base32("MZXW6YTBOI======") == "foobar");
  for (const auto* text : {"M", "MZX", "MZ", "MZXW6YTBO1", "MZXW-6YTB"}) CHECK_MESSAGE(!from_base32(text), text);
  const auto secret = make_totp_secret();
  CHECK(secret.size() == totp_secret_bytes);
  CHECK(from_base32(to_base32(secret)) == secret);
}

TEST_CASE("an app is told whose code it shows, whatever the address has in it") {
  CHECK(totp_uri("foobar", "Answerable", "a b&c@x.example") ==
        "otpauth://totp/Answerable:a%20b%26c%40x.example?secret=MZXW6YTBOI&issuer=Answerable");
}

}  // namespace
}  // namespace answerable::access
