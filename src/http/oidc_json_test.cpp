// What OpenID providers say, as it is read.
#include "http/oidc_json.h"

#include <doctest/doctest.h>

#include "access/testing.h"
#include "base/encoding.h"

namespace answerable::http {
namespace {

using access::must;

const std::string issuer = "https://login.acme.example";

std::string described(std::string_view change = {}) {
  return R"({"issuer":"https://login.acme.example","authorization_endpoint":"https://login.acme.example/auth",)"
         R"("token_endpoint":"https://login.acme.example/token","jwks_uri":"https://login.acme.example/jwks",)"
         R"("authorization_response_iss_parameter_supported":true)" +
         std::string(change) + "}";
}

TEST_CASE("a provider is whom it says it is, and its endpoints are https") {
  const auto provider = must(read_provider(described(), issuer));
  CHECK(provider.token_endpoint == "https://login.acme.example/token");
  CHECK(provider.tells_issuer);
  CHECK(!read_provider(described(), issuer + "/"));
  CHECK(!read_provider(described(), "https://other.example"));
  CHECK(!read_provider(described(R"(,"token_endpoint":"http://login.acme.example/token")"), issuer));
  CHECK(!read_provider(described(R"(,"jwks_uri":"file:///etc/passwd")"), issuer));
  for (const std::string bad : {"", "[]", "{}", "null", "{\"issuer\":1}"}) CHECK(!read_provider(bad, issuer));
  auto longest = described();
  longest.append(provider_answer_bytes_max - longest.size(), ' ');
  CHECK(read_provider(longest, issuer));
  CHECK(!read_provider(longest + " ", issuer));
}

TEST_CASE("keys that sign are read, and others are left out") {
  const auto keys = must(read_provider_keys(
      R"({"keys":[{"kty":"RSA","kid":"r","n":"AQAB","e":"AQAB"},{"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"},)"
      R"({"kty":"EC","crv":"P-256","kid":"e","x":"AQ","y":"Ag","alg":"ES256"},{"kty":"EC","crv":"P-521","x":"AQ"},)"
      R"({"kty":"RSA","alg":"PS256","n":"AQAB","e":"AQAB"},{"kty":"oct","k":"AQAB"},7]})"));
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].algorithm == "RS256");
  CHECK(keys[0].modulus == std::string("\x01\x00\x01", 3));
  CHECK(keys[1].algorithm == "ES256");
  CHECK(keys[1].id == "e");
  const auto many = [](std::size_t count) {
    std::string text = R"({"keys":[)";
    for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "{}" : ",{}";
    return text + "]}";
  };
  CHECK(read_provider_keys(many(provider_keys_max)));
  CHECK(!read_provider_keys(many(provider_keys_max + 1)));
}

TEST_CASE("a token answer gives the ID token, or what the provider says against it") {
  CHECK(must(read_token_answer(200, R"({"id_token":"a.b.c","access_token":"x"})")) == "a.b.c");
  CHECK(read_token_answer(400, R"({"error":"invalid_grant"})").error().detail.ends_with("invalid_grant"));
  CHECK(read_token_answer(500, "{}").error().code == "sign_in_refused");
  CHECK(read_token_answer(200, "{}").error().code == "provider_unreadable");
  CHECK(read_token_answer(200, "<html>").error().code == "provider_unreadable");
}

std::string token(std::string_view header, std::string_view claims) {
  return to_base64url(header) + "." + to_base64url(claims) + "." + to_base64url("signature");
}

TEST_CASE("an ID token has three parts; what it claims is read as it is written") {
  const auto read = must(read_id_token(
      token(R"({"alg":"RS256","kid":"r"})",
            R"({"iss":"i","sub":"s","aud":["a","b"],"azp":"a","nonce":"n","exp":20.5,"iat":10,"email":"e@x.example",)"
            R"("email_verified":true})")));
  CHECK(read.algorithm == "RS256");
  CHECK(read.claims.audience == std::vector<std::string>{"a", "b"});
  CHECK(read.claims.expires_s == 20);
  CHECK(read.claims.is_email_verified);
  CHECK(read.signature == "signature");
  // "true" is no true: some send it so, and it says nothing about who verified what.
  CHECK(!must(read_id_token(token("{}", R"({"email_verified":"true"})"))).claims.is_email_verified);
  for (const auto& bad : {std::string(), std::string("a.b"), std::string("a.b.c.d"), token("{}", "[]"),
                          token("7", "{}"), token(R"({"crit":["b64"]})", "{}"), "!." + token("{}", "{}").substr(2)})
    CHECK_MESSAGE(!read_id_token(bad), bad);
  CHECK(must(read_id_token(token("{}", R"({"exp":1e99,"iat":"now","aud":7})"))).claims.expires_s == 0);
}

TEST_CASE("how it was shown there who it is, and by which session, is read of a token") {
  const auto read = must(read_id_token(token("{}", R"({"acr":"urn:acme:strong","amr":["pwd",7,"mfa"],"sid":"s-1"})")));
  CHECK(read.claims.assurance == std::vector<std::string>{"urn:acme:strong", "pwd", "mfa"});
  CHECK(read.claims.session == "s-1");
  const auto with_session = [](std::size_t size) {
    return must(read_id_token(token("{}", R"({"sid":")" + std::string(size, 's') + "\"}"))).claims.session.size();
  };
  CHECK(with_session(255) == 255);
  CHECK(with_session(256) == 0);  // no session of ours has it
}

TEST_CASE("a logout token says by its events what it is") {
  const std::string event = R"("http://schemas.openid.net/event/backchannel-logout")";
  const auto read = [](const std::string& claims) { return must(read_logout_token(token("{}", claims))).claims; };
  const auto good = read(R"({"sub":"s","jti":"j","events":{)" + event + ":{}}}");
  CHECK(good.is_logout);
  CHECK(!good.has_nonce);
  CHECK(good.id == "j");
  CHECK(good.token.subject == "s");
  CHECK(!read(R"({"events":{)" + event + ":true}}").is_logout);
  CHECK(!read(R"({"events":[)" + event + "]}").is_logout);
  CHECK(!read(R"({"events":{}})").is_logout);
  CHECK(!read("{}").is_logout);
  CHECK(read(R"({"nonce":null})").has_nonce);
  CHECK(!read_logout_token("a.b"));
}

}  // namespace
}  // namespace answerable::http
