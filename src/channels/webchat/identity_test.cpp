#include "channels/webchat/identity.h"

#include <doctest/doctest.h>

#include "base/digest.h"
#include "base/encoding.h"

namespace answerable::channels::webchat {
namespace {

const std::string secret = "a secret of this channel, long enough";
const std::string channel = "01890a5d-ac96-774b-bcce-b302099a8057";
const Audience here{.channel = channel, .secret = secret};
const Time now{1'700'000'000'000};

std::string sign(std::string_view header, std::string_view claims, std::string_view key = secret) {
  auto text = to_base64url(header) + "." + to_base64url(claims);
  auto mac = hmac_sha256(key, text);
  return text + "." + to_base64url(as_bytes(mac));
}

std::string claims(std::int64_t expires_s) {
  return R"({"sub":"user-7","name":"Zo","email":"z@x.org","exp":)" + std::to_string(expires_s) + "}";
}

const std::string hs256 = R"({"alg":"HS256","typ":"JWT"})";

TEST_CASE("a signed identity names the person") {
  auto identity = verify_identity(sign(hs256, claims(1'700'000'600)), here, now);
  REQUIRE(identity);
  CHECK(identity->subject == "user-7");
  CHECK(identity->name == "Zo");
}

TEST_CASE("the life of an identity has its bounds, with a minute for clocks") {
  auto code = [](std::int64_t expires_s) {
    auto identity = verify_identity(sign(hs256, claims(expires_s)), here, now);
    return identity ? std::string("ok") : identity.error().code;
  };
  CHECK(code(1'700'000'000 - 59) == "ok");
  CHECK(code(1'700'000'000 - 60) == "identity_expired");
  CHECK(code(1'700'000'000 + 3'660) == "ok");
  CHECK(code(1'700'000'000 + 3'661) == "identity_too_long");
  CHECK(code(INT64_MAX) == "identity_too_long");
  CHECK(code(INT64_MIN) == "identity_expired");
}

TEST_CASE("no other algorithm, key, claim or byte passes") {
  auto good = sign(hs256, claims(1'700'000'600));
  CHECK_FALSE(verify_identity(sign(R"({"alg":"none"})", claims(1'700'000'600)), here, now));
  CHECK_FALSE(verify_identity(sign(R"({"alg":"RS256"})", claims(1'700'000'600)), here, now));
  CHECK_FALSE(verify_identity(sign(R"({"alg":"HS256","crit":["x"]})", claims(1'700'000'600)), here, now));
  CHECK_FALSE(verify_identity(sign(hs256, claims(1'700'000'600), "another"), here, now));
  CHECK_FALSE(verify_identity(good, {.channel = channel, .secret = ""}, now));
  CHECK_FALSE(verify_identity(sign(hs256, R"({"sub":"x"})"), here, now));
  CHECK_FALSE(verify_identity(sign(hs256, R"({"exp":1700000600})"), here, now));
  CHECK_FALSE(verify_identity(sign(hs256, R"({"sub":"x","exp":"1700000600"})"), here, now));
  CHECK_FALSE(
      verify_identity(to_base64url(R"({"alg":"none"})") + "." + to_base64url(claims(1'700'000'600)) + ".", here, now));
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(verify_identity(bad, here, now));
  }
}

TEST_CASE("an identity that names an audience is good for that channel only") {
  const auto code = [](const std::string& audience) {
    const auto given = R"({"sub":"user-7","exp":1700000600,"aud":)" + audience + "}";
    const auto identity = verify_identity(sign(hs256, given), here, now);
    return identity ? std::string("ok") : identity.error().code;
  };
  CHECK(code('"' + channel + '"') == "ok");
  CHECK(code(R"(["https://shop.example",")" + channel + "\"]") == "ok");
  for (const std::string elsewhere : {R"("another")", R"("")", "[]", R"(["another"])", "null", "7", "{}"})
    CHECK(code(elsewhere) == "identity_elsewhere");
}

}  // namespace
}  // namespace answerable::channels::webchat
