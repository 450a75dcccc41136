// Groups of a company's directory: which role people have.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "access/roles.h"
#include "http/desk_test.h"
#include "http/scim_json.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }

struct GroupDesk : Desk {
  std::string token = std::string(
      body_of(send({.method = "POST", .target = "/scim-token", .cookie = admin_cookie})).at("secret").as_string());
  access::User kim = add("kim@acme.example", access::Role::agent);
  access::User lee = add("lee@acme.example", access::Role::agent);

  net::Response scim(std::string method, std::string path, std::string body = {}) {
    return send({.method = std::move(method), .target = "//scim/v2" + path, .body = std::move(body), .bearer = token});
  }
  // One operation of a PATCH.
  int changed(const std::string& group, const std::string& operation) {
    return scim("PATCH", "/Groups/" + group, R"({"Operations":[)" + operation + "]}").status;
  }
  static std::string member(const access::User& user) { return R"({"value":")" + user.id.text() + "\"}"; }
  std::vector<std::string> members(const std::string& group) {
    std::vector<std::string> ids;
    for (const auto& one : body_of(scim("GET", "/Groups/" + group)).at("members").as_array())
      ids.emplace_back(one.at("value").as_string());
    return ids;
  }
  access::User now(const access::User& user) {
    return must(database->query(
                    [&](store::Session& session) { return access::find_user(session, workspace.id, user.id); }))
        .value();
  }
  std::string made(const std::string& name, const std::string& members = "[]") {
    const auto answer = scim("POST", "/Groups", R"({"displayName":")" + name + R"(","members":)" + members + "}");
    REQUIRE(answer.status == 201);
    return std::string(body_of(answer).at("id").as_string());
  }
};

TEST_CASE_FIXTURE(GroupDesk, "a group is a role: who joins it has the role, and who leaves it is an agent") {
  const auto join = R"({"op":"add","path":"members","value":[)" + member(kim) + "," + member(lee) + "]}";
  CHECK(changed("supervisor", join) == 200);
  CHECK(now(kim).role == access::Role::supervisor);
  CHECK(members("supervisor") == std::vector{kim.id.text(), lee.id.text()});
  CHECK(changed("supervisor", R"({"op":"remove","path":"members[value eq \")" + kim.id.text() + "\\\"]\"}") == 200);
  CHECK(now(kim).role == access::Role::agent);
  CHECK(changed("supervisor", R"({"op":"Remove","path":"members","value":[)" + member(lee) + "]}") == 200);
  CHECK(members("supervisor").empty());
  CHECK(changed("supervisor", R"({"op":"replace","value":{"members":[)" + member(lee) + "]}}") == 200);
  CHECK(changed("supervisor", R"({"op":"replace","path":"members","value":[)" + member(kim) + "]}") == 200);
  CHECK(members("supervisor") == std::vector{kim.id.text()});
  CHECK(changed("supervisor", R"({"op":"remove","path":"members"})") == 200);
  CHECK(now(kim).role == access::Role::agent);
}

TEST_CASE_FIXTURE(GroupDesk, "a list of groups has their members, unless the directory leaves them out") {
  CHECK(changed("supervisor", R"({"op":"add","path":"members","value":[)" + member(kim) + "]}") == 200);
  const auto only = [&](const std::string& more) {
    const auto list = body_of(scim("GET", "/Groups?filter=displayName%20eq%20%22supervisor%22" + more));
    REQUIRE(list.at("Resources").as_array().size() == 1);
    return list.at("Resources").as_array()[0].as_object();
  };
  const auto members = only("").at("members").as_array();
  REQUIRE(members.size() == 1);
  CHECK(members[0].at("value").as_string() == kim.id.text());
  CHECK(!only("&excludedAttributes=members").contains("members"));
}

TEST_CASE_FIXTURE(GroupDesk, "a group that the directory makes allows nothing until an administrator says what") {
  const auto night = made("Night shift", "[" + member(kim) + "]");
  CHECK(now(kim).composed.text() == night);
  const auto moved = now(kim);
  const auto reach = must(database->query([&](store::Session& session) { return access::reach_of(session, moved); }));
  CHECK(reach.permissions.none());
  CHECK(scim("POST", "/Groups", R"({"displayName":"Night shift"})").status == 409);

  CHECK(changed("supervisor", R"({"op":"add","path":"members","value":[)" + member(kim) + "]}") == 200);
  CHECK(members(night).empty());  // a person has one role: the group joined last
  CHECK(changed(night, R"({"op":"remove","path":"members","value":[)" + member(kim) + "]}") == 200);
  CHECK(now(kim).role == access::Role::supervisor);

  CHECK(changed(night, R"({"op":"replace","path":"displayName","value":"Nights"})") == 200);
  CHECK(scim("PUT", "/Groups/" + night, R"({"displayName":"Nights","members":[)" + member(lee) + "]}").status == 200);
  CHECK(scim("DELETE", "/Groups/" + night).status == 204);
  CHECK(scim("GET", "/Groups/" + night).status == 404);
  CHECK(now(lee).composed.is_nil());
}

TEST_CASE_FIXTURE(GroupDesk,
                  "the directory neither makes administrators nor moves them, and takes no built-in role away") {
  add("second@acme.example", access::Role::administrator);  // so that it is not about the last one
  CHECK(scim("GET", "/Groups/administrator").status == 404);
  const auto both = R"({"op":"add","path":"members","value":[)" + member(kim) + "," + member(admin) + "]}";
  CHECK(changed("supervisor", both) == 409);
  CHECK(now(admin).role == access::Role::administrator);
  CHECK(now(kim).role == access::Role::agent);  // all or nothing
  CHECK(scim("DELETE", "/Groups/supervisor").status == 409);
  CHECK(scim("POST", "/Groups", R"({"displayName":"supervisor"})").status == 409);
  CHECK(changed("supervisor", R"({"op":"replace","path":"displayName","value":"Leads"})") == 409);
}

TEST_CASE_FIXTURE(GroupDesk,
                  "groups are listed, with pages and one filter, and what is no group or member is refused") {
  made("Night shift");
  const auto all = body_of(scim("GET", "/Groups"));
  CHECK(all.at("totalResults") == 3);
  CHECK(all.at("Resources").at(2).at("displayName") == "Night shift");
  const auto page = body_of(scim("GET", "/Groups?startIndex=2&count=1&excludedAttributes=members"));
  CHECK(page.at("totalResults") == 3);
  REQUIRE(page.at("Resources").as_array().size() == 1);
  CHECK(page.at("Resources").at(0).at("id") == "supervisor");
  CHECK(!page.at("Resources").at(0).as_object().contains("members"));
  CHECK(body_of(scim("GET", "/Groups?filter=displayName%20eq%20%22night%20SHIFT%22")).at("totalResults") == 1);
  CHECK(scim("GET", "/Groups?filter=members%20eq%20%22x%22").status == 400);
  CHECK(scim("POST", "/Groups", R"({"members":[]})").status == 400);
  CHECK(changed("supervisor", R"({"op":"add","path":"members","value":[{"value":"x"}]})") == 400);
  CHECK(changed("supervisor", R"({"op":"move","path":"members","value":[]})") == 400);
  CHECK(changed("supervisor", R"({"op":"remove","path":"displayName"})") == 400);
  const auto nobody = R"({"value":")" + UserId::make(clock).text() + "\"}";
  CHECK(changed("supervisor", R"({"op":"add","path":"members","value":[)" + nobody + "]}") == 400);
}

}  // namespace
}  // namespace answerable::http
