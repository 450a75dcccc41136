// Sessions and devices, as the API has them.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "http/desk_test.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::array items_of(const net::Response& response) {
  return json::parse(response.content()).as_object().at("items").as_array();
}

// The value of a cookie that an answer sets.
std::string set_cookie(const net::Response& response, std::string_view name) {
  std::string value;
  const auto start = std::string(name) + "=";
  for (std::size_t i = 0; i < response.headers.size(); ++i) {
    const auto field = response.headers[i];
    if (field.name == "Set-Cookie" && field.value.starts_with(start))
      value = field.value.substr(start.size(), field.value.find(';') - start.size());
  }
  return value;
}

struct DeviceDesk : Desk {
  net::Response knock(std::string_view device) {
    return send({.method = "POST",
                 .target = "/session",
                 .body = R"({"email":"zoe@acme.example","password":"correct horse 7 battery"})",
                 .headers = {{"Cookie", "answerable-device=" + std::string(device)}, {"User-Agent", "Phone"}}});
  }
};

TEST_CASE_FIXTURE(Desk, "the key of what a browser keeps is the person's own, the same in each session") {
  const auto key = [&](const std::string& cookie) {
    return std::string(
        json::parse(send({.target = "/session", .cookie = cookie}).content()).at("browser_key").as_string());
  };
  CHECK(key(zoe_cookie) == key(sign_in(zoe)));
  CHECK(key(zoe_cookie) != key(admin_cookie));
  CHECK(from_base64(key(zoe_cookie)).value().size() == 32);
}

TEST_CASE_FIXTURE(DeviceDesk, "the device that one signs in on is listed as the one that asks, and forgotten") {
  const auto in = knock("");
  REQUIRE(in.status == 200);
  const auto cookies =
      "answerable=" + set_cookie(in, "answerable") + "; answerable-device=" + set_cookie(in, "answerable-device");
  const auto ask = [&](std::string method, std::string target) {
    return send({.method = std::move(method), .target = std::move(target), .headers = {{"Cookie", cookies}}});
  };
  const auto devices = items_of(ask("GET", "/devices"));
  REQUIRE(devices.size() == 1);
  CHECK(devices[0].at("current") == true);
  CHECK(devices[0].at("user_agent") == "Phone");
  CHECK(devices[0].at("address") == "198.51.100.7");
  CHECK(items_of(get("/devices"))[0].at("current") == false);
  CHECK(ask("DELETE", "/devices/" + std::string(devices[0].at("id").as_string())).status == 204);
  CHECK(ask("GET", "/devices").status == 401);
  CHECK(items_of(get("/devices")).empty());
}

TEST_CASE_FIXTURE(DeviceDesk,
                  "an administrator sees where the own people are signed in and ends it, an agent does not") {
  const auto target = "/users/" + zoe.id.text() + "/sessions";
  const auto as_admin = [&](std::string method, std::string path) {
    return send({.method = std::move(method), .target = std::move(path), .cookie = admin_cookie});
  };
  knock("");
  CHECK(items_of(as_admin("GET", target)).size() == 2);
  CHECK(items_of(as_admin("GET", "/users/" + zoe.id.text() + "/devices")).size() == 1);
  CHECK(get("/users/" + admin.id.text() + "/sessions").status == 403);
  const auto theirs = items_of(as_admin("GET", "/sessions"))[0].at("id").as_string();
  CHECK(send({.method = "DELETE", .target = "/sessions/" + std::string(theirs), .cookie = zoe_cookie}).status == 404);
  const auto one = items_of(as_admin("GET", target))[0].at("id").as_string();
  CHECK(as_admin("DELETE", "/sessions/" + std::string(one)).status == 204);
  CHECK(items_of(as_admin("GET", target)).size() == 1);
  CHECK(as_admin("DELETE", target).status == 204);
  CHECK(get("/session").status == 401);
  CHECK(items_of(as_admin("GET", "/users/" + zoe.id.text() + "/devices")).empty());
}

}  // namespace
}  // namespace answerable::http
