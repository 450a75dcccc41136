#include "access/totp.h"

#include <doctest/doctest.h>

#include "base/base32.h"

namespace answerable::access {
namespace {

constexpr std::string_view secret = "12345678901234567890";

std::string code_of(std::int64_t step) { return totp_code(secret, {}, step * 30).value(); }

TEST_CASE("codes are those of RFC 6238, appendix B") {
  constexpr std::string_view digits = "1234567890123456789012345678901234567890123456789012345678901234";
  struct Row {
    std::int64_t at;
    const char *sha1, *sha256, *sha512;
  };
  for (const auto& row :
       {Row{59, "94287082", "46119246", "90693936"}, Row{1'111'111'109, "07081804", "68084774", "25091201"},
        Row{1'111'111'111, "14050471", "67062674", "99943326"}, Row{1'234'567'890, "89005924", "91819424", "93441116"},
        Row{2'000'000'000, "69279037", "90698825", "38618901"},
        Row{20'000'000'000, "65353130", "77737706", "47863826"}}) {
    CAPTURE(row.at);
    CHECK(totp_code(digits.substr(0, 20), {.hash = HashFunction::sha1, .digits = 8}, row.at) == row.sha1);
    CHECK(totp_code(digits.substr(0, 32), {.hash = HashFunction::sha256, .digits = 8}, row.at) == row.sha256);
    CHECK(totp_code(digits, {.hash = HashFunction::sha512, .digits = 8}, row.at) == row.sha512);
  }
}

TEST_CASE("a code has 6 to 8 digits, a period of 1 to 3,600 seconds and a time since 1970") {
  constexpr std::string_view key = "12345678901234567890";
  CHECK(totp_code(key, {}, 59) == "287082");
  CHECK(totp_code(key, {.digits = 7}, 59) == "4287082");
  CHECK(totp_code(key, {.period_s = 60}, 119) == "287082");
  CHECK(totp_code(key, {.period_s = 1}, 1) == "287082");
  CHECK(totp_code(key, {.period_s = 3'600}, 7'199) == "287082");
  for (auto wrong : {TotpParameters{.digits = 5}, TotpParameters{.digits = 9}, TotpParameters{.period_s = 0},
                     TotpParameters{.period_s = 3'601}})
    CHECK(totp_code(key, wrong, 59).error().code == "totp_parameters");
  CHECK_FALSE(totp_code(key, {}, -1));
}

TEST_CASE("a code is right for its own half minute, the one before and the one after") {
  const Time now{1'700'000'000'000};
  const auto step = now.ms / 30'000;
  for (const auto drift : {-1, 0, 1}) CHECK(match_totp(secret, code_of(step + drift), now, 0) == step + drift);
  for (const auto drift : {-2, 2}) CHECK(!match_totp(secret, code_of(step + drift), now, 0));
  for (const auto* code : {"", "1", "0000000", "abcdef"}) CHECK(!match_totp(secret, code, now, 0));
}

TEST_CASE("a code that was used, or an older one, is not right any more") {
  const Time now{1'700'000'000'000};
  const auto step = now.ms / 30'000;
  CHECK(!match_totp(secret, code_of(step), now, step));
  CHECK(!match_totp(secret, code_of(step - 1), now, step));
  CHECK(match_totp(secret, code_of(step + 1), now, step) == step + 1);
}

TEST_CASE("base32 is that of RFC 4648, and reads what people type") {
  CHECK(to_base32("") == "");
  CHECK(to_base32("f") == "MY");
  CHECK(to_base32("fooba") == "MZXW6YTB");
  CHECK(to_base32("foobar") == "MZXW6YTBOI");
  CHECK(from_base32("mzxw 6ytb oi") == "foobar");
  CHECK(from_base32("MZXW6YTBOI======") == "foobar");
  for (const auto* text : {"M", "MZX", "MZXW6YTBO1"}) CHECK_MESSAGE(!from_base32(text), text);
  const auto made = make_totp_secret();
  CHECK(made.size() == totp_secret_bytes);
  CHECK(from_base32(to_base32(made)) == made);
}

TEST_CASE("an app is told whose code it shows, whatever the address has in it") {
  CHECK(totp_uri("foobar", "Answerable", "a b&c@x.example") ==
        "otpauth://totp/Answerable:a%20b%26c%40x.example?secret=MZXW6YTBOI&issuer=Answerable");
}

}  // namespace
}  // namespace answerable::access
