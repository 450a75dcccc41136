// What a channel's configuration may say; how its passwords are kept is in api_test.cpp.
#include <doctest/doctest.h>

#include "http/desk_test.h"

namespace answerable::http {
namespace {

TEST_CASE_FIXTURE(Desk, "a channel fetches by POP3 or by IMAP, and its POP3 password is never read") {
  const auto make = [&](const std::string& address, const std::string& servers) {
    const auto body = R"({"kind":"email","name":"P","address":")" + address + R"(","config":{)" + servers + "}}";
    return send({.method = "POST", .target = "/channels", .body = body, .cookie = admin_cookie});
  };
  const auto made =
      make("p@acme.example", R"("pop3":{"host":"h","user":"u","password":"hunter2hunter2","after_storing":"delete"})");
  CHECK(made.status == 201);
  CHECK(made.body.find(R"("port":995)") != std::string::npos);
  CHECK(made.body.find(R"("after_storing":"delete")") != std::string::npos);
  CHECK(made.body.find("hunter2") == std::string::npos);
  CHECK(make("q@acme.example", R"("pop3":{"host":"h","after_storing":"move"})").status == 422);
  const auto both = make("q@acme.example", R"("imap":{"host":"h"},"pop3":{"host":"h"})");
  CHECK(both.status == 422);
  CHECK(both.body.find("config.pop3") != std::string::npos);
  CHECK(make("q@acme.example", R"("imap":{"host":"h"},"pop3":null)").status == 201);
}

}  // namespace
}  // namespace answerable::http
