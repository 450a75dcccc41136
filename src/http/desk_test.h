// For the tests of the API: a workspace with an administrator and an agent who are signed in.
#pragma once

#include "http/testing.h"

namespace answerable::http {

struct Desk : ApiFixture {
  using ApiFixture::ApiFixture;
  access::User admin = add("admin@acme.example", access::Role::administrator);
  access::User zoe = add("zoe@acme.example", access::Role::agent);
  std::string admin_cookie = sign_in(admin);
  std::string zoe_cookie = sign_in(zoe);

  net::Response get(std::string target) { return send({.target = std::move(target), .cookie = zoe_cookie}); }
  net::Response post(std::string target, std::string body) {
    return send({.method = "POST", .target = std::move(target), .body = std::move(body), .cookie = zoe_cookie});
  }
};

}  // namespace answerable::http
