// The second factor and the question who it is, as the API has them.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "access/totp.h"
#include "base/base32.h"
#include "http/desk_test.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }
std::string text_of(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

struct PhoneDesk : Desk {
  std::string secret;
  net::Response as_zoe(std::string method, std::string target, std::string body = {}) {
    return send(
        {.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = zoe_cookie});
  }
  std::string code(int later = 0) { return access::totp_code(secret, {}, clock.now().ms / 1'000 + later * 30).value(); }
  json::object set_up() {
    const auto begun = body_of(as_zoe("POST", "/me/second-factor"));
    secret = from_base32(text_of(begun, "secret")).value_or("");
    return body_of(as_zoe("POST", "/me/second-factor/confirm", R"({"code":")" + code() + "\"}"));
  }
  net::Response knock(std::string_view given) {
    return send({.method = "POST",
                 .target = "/session",
                 .body = R"({"email":"zoe@acme.example","password":"correct horse 7 battery","code":")" +
                         std::string(given) + "\"}"});
  }
};

TEST_CASE_FIXTURE(PhoneDesk, "a second factor is set up with an app, asked for at the next sign-in, and removed") {
  CHECK(body_of(get("/me/second-factor")).at("on") == false);
  CHECK(set_up().at("recovery_codes").as_array().size() == 10);
  CHECK(body_of(get("/me/second-factor")).at("recovery_codes_left") == 10);
  CHECK(body_of(get("/session")).at("user").at("second_factor") == true);
  const auto asked = knock("");
  CHECK(asked.status == 401);
  CHECK(body_of(asked).at("code") == "second_factor_needed");
  CHECK(body_of(knock("000000")).at("code") == "code_wrong");
  CHECK(knock(code(1)).status == 200);
  CHECK(body_of(as_zoe("POST", "/me/recovery-codes")).at("recovery_codes").as_array().size() == 10);
  CHECK(as_zoe("DELETE", "/me/second-factor").status == 204);
  CHECK(knock("").status == 200);
}

TEST_CASE_FIXTURE(PhoneDesk, "a workspace demands it of a role, whose people do nothing else before") {
  const auto rule = send(
      {.method = "PUT", .target = "/second-factor-roles", .body = R"({"roles":["agent"]})", .cookie = admin_cookie});
  CHECK(body_of(rule).at("roles").as_array().size() == 1);
  CHECK(body_of(get("/session")).at("must_set_second_factor") == true);
  CHECK(body_of(get("/conversations")).at("code") == "second_factor_required");
  set_up();
  CHECK(get("/conversations").status == 200);
  CHECK(body_of(get("/session")).at("must_set_second_factor") == false);
  CHECK(send({.target = "/second-factor-roles", .cookie = zoe_cookie}).status == 403);
  CHECK(send({.method = "PUT",
              .target = "/second-factor-roles",
              .body = R"({"roles":["operator"]})",
              .cookie = admin_cookie})
            .status == 422);
}

TEST_CASE_FIXTURE(PhoneDesk, "an administrator takes it off who has lost it") {
  set_up();
  const auto target = "/users/" + zoe.id.text() + "/second-factor";
  CHECK(send({.method = "DELETE", .target = target, .cookie = admin_cookie}).status == 204);
  CHECK(get("/session").status == 401);
  CHECK(knock("").status == 200);
  CHECK(send({.method = "DELETE", .target = target, .cookie = admin_cookie}).status == 409);
}

TEST_CASE_FIXTURE(PhoneDesk, "what changes people and keys wants that one shows again who it is after five minutes") {
  const auto make = [&] {
    return send({.method = "POST", .target = "/api-keys", .body = R"({"name":"K"})", .cookie = admin_cookie});
  };
  const auto confirm = [&](std::string_view password) {
    return send({.method = "POST",
                 .target = "/session/confirm",
                 .body = R"({"password":")" + std::string(password) + "\"}",
                 .cookie = admin_cookie});
  };
  clock.advance_ms(access::confirmed_ms + 1);
  CHECK(body_of(make()).at("code") == "step_up_required");
  CHECK(send({.target = "/api-keys", .cookie = admin_cookie}).status == 200);
  CHECK(body_of(confirm("wrong password 12")).at("code") == "wrong_password");
  CHECK(make().status == 403);
  CHECK(confirm("correct horse 7 battery").status == 204);
  CHECK(make().status == 201);
}

}  // namespace
}  // namespace answerable::http
