#include "base/hmac.h"

#include <doctest/doctest.h>

#include "base/base32.h"
#include "base/digest.h"
#include "base/encoding.h"

using namespace answerable;

TEST_CASE("HMAC gives the values of RFC 2202 and RFC 4231, test case 2") {
  auto text = "what do ya want for nothing?";
  CHECK(to_hex(hmac(HashFunction::sha1, "Jefe", text)) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  CHECK(to_hex(hmac(HashFunction::sha256, "Jefe", text)) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(to_hex(hmac(HashFunction::sha512, "Jefe", text)).starts_with("164b7a7bfcf819e2e395fbe73b56e0a3"));
  CHECK(to_hex(hmac(HashFunction::sha256, {}, {})) ==
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("HMAC-SHA-256 of the ledger is the same, with keys below, at and above the size of a block") {
  CHECK(to_hex(as_bytes(hmac_sha256("Jefe", "what do ya want for nothing?"))) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  for (std::size_t size : {0, 1, 31, 32, 63, 64, 65, 128, 1'000}) {
    CAPTURE(size);
    const std::string key(size, 'k');
    const std::string bytes(size, 'b');
    CHECK(as_bytes(hmac_sha256(key, bytes)) == hmac(HashFunction::sha256, key, bytes));
  }
}

TEST_CASE("base32 is read as people type it, and nothing else") {
  CHECK(from_base32("MZXW6YTBOI======") == "foobar");
  CHECK(from_base32("MZXW6YTB") == "fooba");
  CHECK(from_base32(" mzxw 6ytb-oi ") == "foobar");
  CHECK(from_base32("MY") == "f");
  for (auto wrong : {"", "====", "M", "MZX", "MZXW6Y", "MZXW1", "MZXW0", "MZ=XW", "MZXW6YTBé"}) {
    CAPTURE(wrong);
    CHECK_FALSE(from_base32(wrong));
  }
}
