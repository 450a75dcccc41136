// What is said to providers and mail servers, and what providers may say.
#include "channels/oauth/token_request.h"

#include "channels/oauth/authorisation.h"

#include <doctest/doctest.h>

#include "channels/email/bearer_sasl.h"
#include "channels/email/mail_settings.h"

namespace answerable::channels {
namespace {

const OAuthClient client{.client_id = "id&1",
                         .authorisation_url = "https://a.example/auth",
                         .token_url = "https://a.example/token",
                         .scope = "mail",
                         .further = {}};

std::string code_of(const Result<Tokens>& tokens) { return tokens ? "tokens" : tokens.error().code; }

TEST_CASE("a token request holds what RFC 6749 wants, encoded, and no empty member") {
  CHECK(refresh_form(client, "", "r/1") == "grant_type=refresh_token&refresh_token=r%2F1&client_id=id%261");
  CHECK(code_form(client, "s=1", {"c", "v", "https://d.example/oauth/callback"}) ==
        "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fd.example%2Foauth%2Fcallback"
        "&code_verifier=v&client_id=id%261&client_secret=s%3D1");
  // RFC 7636 appendix B.
  CHECK(code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST_CASE("the answer of a token endpoint is read, with its life bounded") {
  auto tokens = read_token_answer(200, R"({"access_token":"a","expires_in":3599,"refresh_token":"r"})");
  REQUIRE(tokens);
  CHECK(tokens->access_token == "a");
  CHECK(tokens->lifetime_ms == 3'599'000);
  CHECK(tokens->refresh_token == "r");
  const auto life = [](const std::string& said) {
    return read_token_answer(200, R"({"access_token":"a","expires_in":)" + said + "}")->lifetime_ms;
  };
  CHECK(life("\"60\"") == 60'000);
  CHECK(life("86400") == lifetime_ms_max);
  CHECK(life("86401") == lifetime_ms_max);
  for (const auto* said : {"0", "-5", "\"x\"", "null", "[]", "1e300"}) CHECK(life(said) == unknown_lifetime_ms);
  CHECK(read_token_answer(200, R"({"access_token":"a"})")->refresh_token.empty());
}

TEST_CASE("only a person can help where a grant or a client is refused; all else may pass") {
  for (const auto* error : {"invalid_grant", "invalid_client", "unauthorized_client", "interaction_required",
                            "consent_required", "login_required"})
    CHECK(code_of(read_token_answer(400, std::string(R"({"error":")") + error + "\"}")) == "oauth_refused");
  for (const auto* body : {R"({"error":"temporarily_unavailable"})", R"({"error":"server_error"})", "{}", "", "[]",
                           "<html>", R"({"error":5})", R"({"access_token":"a"})"})
    CHECK(code_of(read_token_answer(503, body)) == "oauth_unavailable");
  CHECK(code_of(read_token_answer(200, R"({"error":"invalid_grant"})")) == "oauth_refused");
  const auto refused = read_token_answer(400, R"({"error":"invalid_grant","error_description":"gone\r\nX"})");
  CHECK(refused.error().detail == "The provider refuses access: invalid_grant (gone X).");
}

TEST_CASE("a token that could not stand in a line of a protocol, or is too long, is none") {
  const auto answer = [](const std::string& token) {
    return code_of(read_token_answer(200, R"({"access_token":")" + token + "\"}"));
  };
  CHECK(answer("a\\u0001") == "oauth_unavailable");
  CHECK(answer("a\\r\\nQUIT") == "oauth_unavailable");
  CHECK(answer("é") == "oauth_unavailable");
  CHECK(answer("") == "oauth_unavailable");
  CHECK(answer(std::string(token_bytes_max, 'a')) == "tokens");
  CHECK(answer(std::string(token_bytes_max + 1, 'a')) == "oauth_unavailable");
}

TEST_CASE("a token is said to mail servers as RFC 7628 and the elder mechanism want it") {
  CHECK(oauthbearer_message("user@example.com", "server.example.com", 143,
                            "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==") ==
        "n,a=user@example.com,\x01host=server.example.com\x01port=143\x01"
        "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01");
  CHECK(oauthbearer_message("a,b=c", "h", 1, "t").starts_with("n,a=a=2Cb=3Dc,\x01"));
  CHECK(xoauth2_message("zoe", "t") ==
        "user=zoe\x01"
        "auth=Bearer t\x01\x01");
}

std::string settings_error(const std::string& oauth) {
  auto settings = read_mail_settings(R"({"imap":{"host":"h.example","sign_in":"oauth"},"oauth":)" + oauth + "}");
  return settings ? "" : settings.error().detail;
}

TEST_CASE("a provider is known by name, or has addresses that nobody on the way can read") {
  CHECK(settings_error(R"({"provider":"google","client_id":"x"})") == "");
  CHECK(settings_error(R"({"provider":"microsoft","client_id":"x","tenant":"contoso.example"})") == "");
  CHECK(settings_error(R"({"provider":"microsoft","client_id":"x","tenant":"a/../b"})") != "");
  CHECK(settings_error(R"({"provider":"yours","client_id":"x"})") != "");
  CHECK(settings_error(R"({"provider":"google"})") != "");
  CHECK(settings_error("null") != "");
  const auto other = [](const std::string& url) {
    return settings_error(
        R"({"provider":"other","client_id":"x","authorisation_url":"https://a.example","token_url":")" + url + "\"}");
  };
  for (const auto* url :
       {"https://a.example/token", "http://127.0.0.1:8080/t", "http://localhost/t", "http://[::1]:1/"})
    CHECK_MESSAGE(other(url) == "", url);
  for (const auto* url : {"", "http://a.example/token", "ftp://a.example", "https://", "https://u@a.example/",
                          "http://127.0.0.1.a.example/", "http://localhost@a.example/", "https://a b/"})
    CHECK_MESSAGE(other(url) != "", url);
  const auto microsoft = read_mail_settings(
      R"({"smtp":{"host":"h.example","sign_in":"oauth"},"oauth":{"provider":"microsoft","client_id":"x"}})");
  CHECK(microsoft->oauth->token_url == "https://login.microsoftonline.com/organizations/oauth2/v2.0/token");
  CHECK_FALSE(read_mail_settings(R"({"imap":{"host":"h.example","sign_in":"magic"}})"));
}

TEST_CASE("who answers for a provider is of its host, or one is below the other") {
  constexpr const char* asked = "https://login.acme.example/authorise?x=1";
  for (const auto* good : {"https://login.acme.example", "https://login.acme.example:8443/tenant",
                           "https://acme.example", "https://eu.login.acme.example/"})
    CHECK_MESSAGE(may_answer_for(good, asked), good);
  for (const auto* bad : {"https://acme.example.evil.example", "https://evillogin.acme.example.org",
                          "https://example.org", "https://notacme.example", "login.acme.example", ""})
    CHECK_MESSAGE(!may_answer_for(bad, asked), bad);
}

}  // namespace
}  // namespace answerable::channels
