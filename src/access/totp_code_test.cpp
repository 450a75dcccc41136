#include "access/totp_code.h"

#include <doctest/doctest.h>

using namespace answerable;
using access::totp_code;
using access::TotpParameters;

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
