// Passwords behind links, as the API has them.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "access/account_mail.h"
#include "http/desk_test.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }

struct AccountDesk : ApiFixture {
  AccountDesk() : ApiFixture({.account_link_key = "link key", .can_mail = [this](WorkspaceId) { return has_mail; }}) {}
  bool has_mail = true;
  access::User admin = add("admin@acme.example", access::Role::administrator);
  std::string admin_cookie = sign_in(admin);

  net::Response open(std::string target, std::string body) {
    return send({.method = "POST", .target = std::move(target), .body = std::move(body)});
  }
  std::string mailed_token() {
    const auto mails =
        must(database->write([](store::Transaction& tx) { return access::claim_account_mails(tx, 1'000, 10); }));
    return mails.empty() ? std::string() : access::link_token("link key", mails.back().link);
  }
  net::Response add_invited() {
    return send({.method = "POST",
                 .target = "/users",
                 .body = R"({"name":"Max","email":"max@acme.example","invite":true})",
                 .cookie = admin_cookie});
  }
};

TEST_CASE_FIXTURE(AccountDesk, "asking for a new password answers alike for everybody, and only a person gets a mail") {
  const auto nobody = open("/account/reset", R"({"email":"nobody@acme.example"})");
  CHECK(mailed_token().empty());
  const auto known = open("/account/reset", R"({"email":"admin@acme.example"})");
  CHECK(nobody.status == 204);
  CHECK(known.status == 204);
  CHECK(mailed_token().size() == access::link_token_characters);
}

TEST_CASE_FIXTURE(AccountDesk, "the link says for whom it is, takes a good password, and then the new one signs in") {
  CHECK(open("/account/reset", R"({"email":"admin@acme.example"})").status == 204);
  const auto token = mailed_token();
  const auto with = [&](std::string_view password) {
    return open("/account/password", R"({"token":")" + token + R"(","password":")" + std::string(password) + "\"}");
  };
  const auto link = body_of(open("/account/link", R"({"token":")" + token + "\"}"));
  CHECK(link.at("purpose") == "reset");
  CHECK(link.at("email") == "admin@acme.example");
  CHECK(link.at("workspace") == "Acme");
  CHECK(body_of(with("acme password acme")).at("errors").at(0).at("code") == "password_too_common");
  CHECK(with("quiet lamp over stone").status == 204);
  CHECK(send({.target = "/session", .cookie = admin_cookie}).status == 401);
  CHECK(with("quiet lamp over stones").status == 404);
  CHECK(open("/session", R"({"email":"admin@acme.example","password":"quiet lamp over stone"})").status == 200);
}

TEST_CASE_FIXTURE(AccountDesk, "who is invited by mail gets no temporary password and can be invited again") {
  const auto made = body_of(add_invited());
  CHECK(made.at("temporary_password").is_null());
  CHECK(made.at("user").at("invited") == true);
  CHECK(made.at("user").at("must_change_password") == false);
  const auto again = "/users/" + std::string(made.at("user").at("id").as_string()) + "/invitation";
  CHECK(send({.method = "POST", .target = again, .cookie = admin_cookie}).status == 204);
  const auto token = mailed_token();
  CHECK(body_of(open("/account/link", R"({"token":")" + token + "\"}")).at("purpose") == "invitation");
  CHECK(open("/account/password", R"({"token":")" + token + R"(","password":"quiet lamp over stone"})").status == 204);
  CHECK(open("/session", R"({"email":"max@acme.example","password":"quiet lamp over stone"})").status == 200);
}

TEST_CASE_FIXTURE(AccountDesk, "without a mail server nobody is invited, and nobody is made") {
  has_mail = false;
  CHECK(body_of(add_invited()).at("code") == "no_mail_server");
  CHECK(body_of(send({.target = "/users", .cookie = admin_cookie})).at("total") == 1);
}

}  // namespace
}  // namespace answerable::http
