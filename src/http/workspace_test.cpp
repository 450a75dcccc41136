#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "http/desk_test.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }

struct Host : Desk {
  std::string op = sign_in(add("op@host.example", access::Role::operator_));
  Sent make(std::string body) {
    return {.method = "POST",
            .target = "/workspaces",
            .body = std::move(body),
            .cookie = op,
            .headers = {{"Idempotency-Key", "k"}}};
  }
};
constexpr auto globex = R"({"name":"Globex","administrator_name":"Ada","administrator_email":"ada@globex.example"})";

TEST_CASE_FIXTURE(Host, "an operator adds a workspace, and its administrator signs in with a password shown once") {
  const auto made = send(make(globex));
  REQUIRE(made.status == 201);
  const std::string password(body_of(made).at("temporary_password").as_string());
  const auto repeated = send(make(globex));
  CHECK(repeated.status == 201);
  CHECK(repeated.headers.find("Idempotency-Replayed") == "true");
  CHECK(body_of(repeated).at("temporary_password").is_null());
  const auto list = body_of(send({.target = "/workspaces", .cookie = op}));
  CHECK(list.at("total") == 2);
  CHECK(list.at("items").at(0).at("people") == 2);
  CHECK(list.at("items").at(1).at("name") == "Globex");
  const auto in = send({.method = "POST",
                        .target = "/session",
                        .body = R"({"email":"ada@globex.example","password":")" + password + "\"}"});
  CHECK(in.status == 200);
  CHECK(body_of(in).at("workspace").at("name") == "Globex");
  CHECK(body_of(in).at("user").at("must_change_password") == true);
}

TEST_CASE_FIXTURE(Host, "a workspace that cannot be is refused with the field that is wrong") {
  const auto wrong =
      send(make(R"({"name":"","administrator_name":"Ada","administrator_email":"ada at globex","nmae":"x"})"));
  CHECK(wrong.status == 422);
  for (const auto* field : {"\"name\"", "\"administrator_email\"", "\"nmae\""})
    CHECK(wrong.body.find(field) != std::string::npos);
  CHECK(send(make(R"({"name":"G","administrator_name":"Z","administrator_email":"zoe@acme.example"})")).status == 409);
  CHECK(body_of(send({.target = "/workspaces", .cookie = op})).at("total") == 1);
}

}  // namespace
}  // namespace answerable::http
