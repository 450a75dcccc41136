// What other help desks got wrong at their door, tried at ours. docs/peer-vulnerabilities.csv names every test of this
// kind, here and elsewhere.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "http/every_answer.h"
#include "http/things_test.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

// CVE-2020-26029 (X-On-Behalf-Of), CVE-2026-34720 and CVE-2020-26030 (a header of single sign-on from anybody).
TEST_CASE_FIXTURE(OpenDesk, "no header says who somebody is, or for whom a request comes") {
  for (const auto* name : {"X-On-Behalf-Of", "From", "X-Remote-User", "Remote-User", "X-Forwarded-User", "X-User",
                           "X-Forwarded-Email", "X-Auth-Request-Email", "X-WEBAUTH-USER", "OIDC_CLAIM_email",
                           "X-SSL-Client-S-DN", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override"}) {
    CAPTURE(name);
    for (const auto& value : {std::string("admin@acme.example"), admin.id.text(), std::string("/api/v1/setup")}) {
      CHECK(send({.target = "/conversations", .headers = {{name, value}}}).status == 401);
      const auto as = send({.target = "/session", .cookie = zoe_cookie, .headers = {{name, value}}});
      CHECK(std::string(json::parse(as.content()).at("user").at("id").as_string()) == zoe.id.text());
      CHECK(send({.target = "/api-keys", .cookie = zoe_cookie, .headers = {{name, value}}}).status == 403);
    }
  }
}

// CVE-2026-35584, CVE-2026-45295, CVE-2026-48812, CVE-2015-1464: a credential has one place, and an address is none.
TEST_CASE_FIXTURE(OpenDesk, "a session or a key in an address opens nothing") {
  const auto key = json::parse(
      send({.method = "POST", .target = "/api-keys", .body = R"({"name":"K"})", .cookie = admin_cookie}).content());
  const auto secret = std::string(key.at("secret").as_string());
  CHECK(send({.target = "/conversations", .bearer = secret}).status == 200);
  for (const auto* name : {"token", "access_token", "api_key", "key", "session", "answerable", "auth", "sid"})
    for (const auto& value : {secret, zoe_cookie})
      CHECK(send({.target = std::string("/conversations?") + name + "=" + value}).status == 401);
  CHECK(send({.target = "/conversations", .cookie = secret}).status == 401);
  CHECK(send({.target = "/conversations", .bearer = zoe_cookie}).status == 401);
}

TEST_CASE("every answer is not to be guessed at, framed or run, and of https a year by TLS only") {
  const auto plain = every_answer("http://localhost:8080");
  CHECK(plain.find("X-Content-Type-Options") == "nosniff");
  CHECK(plain.find("Referrer-Policy") == "no-referrer");
  CHECK(plain.find("Content-Security-Policy") == "default-src 'none'; frame-ancestors 'none'");
  CHECK(!plain.find("Strict-Transport-Security"));
  CHECK(every_answer("https://desk.example").find("Strict-Transport-Security") ==
        "max-age=31536000; includeSubDomains");
}

// GHSA-ph4f-2jhx-q76w (files without end), CVE-2022-3741 (guesses without end).
struct Throttled : ApiFixture {
  Throttled() : ApiFixture(ApiConfig{.rates = {.upload = 2, .sign_in = 3}}) {}
};

TEST_CASE_FIXTURE(Throttled, "who uploads or signs in too often is told how long to wait") {
  const auto cookie = sign_in(add("zoe@acme.example", access::Role::agent));
  const Sent upload{.method = "POST",
                    .target = "/uploads?filename=a.txt",
                    .body = "x",
                    .cookie = cookie,
                    .headers = {{"Content-Type", "application/octet-stream"}}};
  for (int i = 0; i < 2; ++i) CHECK(send(upload).status == 201);
  const auto refused = send(upload);
  CHECK(refused.status == 429);
  CHECK(refused.headers.find("Retry-After") == "30");
  const Sent guess{.method = "POST", .target = "/session", .body = R"({"email":"z@x.example","password":"guess"})"};
  for (int i = 0; i < 3; ++i) CHECK(send(guess).status == 401);
  CHECK(send(guess).status == 429);
  clock.advance_ms(60'000);
  CHECK(send(upload).status == 201);
}

TEST_CASE_FIXTURE(OpenDesk, "the figures are for this machine, and not for who comes through a proxy on it") {
  CHECK(send({.target = "//metrics", .peer = "127.0.0.1"}).status == 200);
  for (const auto* mark : {"X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto", "Via"})
    CHECK(send({.target = "//metrics", .headers = {{mark, "x"}}, .peer = "127.0.0.1"}).status == 401);
}

// Who stands behind a proxy has an address of its own (net: "a forwarded address is believed only as far …").
TEST_CASE_FIXTURE(OpenDesk, "guesses are counted for each address, and not for all together") {
  const auto sign_in_from = [&](std::string peer, const std::string& email, const std::string& password) {
    return send({.method = "POST",
                 .target = "/session",
                 .body = R"({"email":")" + email + R"(","password":")" + password + "\"}",
                 .peer = std::move(peer)})
        .status;
  };
  int status = 401;
  for (int i = 0; i <= access::SignInThrottle::per_address && status == 401; ++i)
    status = sign_in_from("203.0.113.9", "nobody" + std::to_string(i) + "@x.example", "a guess");
  CHECK(status == 429);
  CHECK(sign_in_from("203.0.113.9", "zoe@acme.example", "correct horse 7 battery") == 429);
  CHECK(sign_in_from("203.0.113.10", "zoe@acme.example", "correct horse 7 battery") == 200);
}

}  // namespace
}  // namespace answerable::http
