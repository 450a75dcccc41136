// People provisioned by a company's directory, over the API.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "access/account_letter.h"
#include "access/scim_token.h"
#include "access/single_sign_on.h"
#include "http/desk_test.h"
#include "http/scim_json.h"
#include "policy/agreement.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }
std::string text_of(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

struct DirectoryDesk : Desk {
  std::string token = make_token();

  std::string make_token() {
    return text_of(body_of(send({.method = "POST", .target = "/scim-token", .cookie = admin_cookie})), "secret");
  }
  net::Response scim(std::string method, std::string path, std::string body = {}) {
    return send({.method = std::move(method), .target = "//scim/v2" + path, .body = std::move(body), .bearer = token});
  }
  std::string made(const std::string& body) {
    const auto answer = scim("POST", "/Users", body);
    REQUIRE(answer.status == 201);
    return text_of(body_of(answer), "id");
  }
  std::int64_t total(const std::string& query) {
    return body_of(scim("GET", "/Users" + query)).at("totalResults").as_int64();
  }
};

constexpr const char* kim =
    R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"kim@acme.example","externalId":"e-1",)"
    R"("name":{"givenName":"Kim","familyName":"Lee"},"active":true,"emails":[{"value":"kim@acme.example"}],)"
    R"("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Care"}})";

TEST_CASE_FIXTURE(DirectoryDesk, "a person is made, read, replaced, changed and disabled, as SCIM has it") {
  const auto answer = scim("POST", "/Users", kim);
  REQUIRE(answer.status == 201);
  CHECK(answer.headers.find("Content-Type") == scim_media_type);
  const auto id = text_of(body_of(answer), "id");
  CHECK(answer.headers.find("Location") == "http://localhost:8080/scim/v2/Users/" + id);
  const auto user = body_of(scim("GET", "/Users/" + id));
  CHECK(text_of(user, "displayName") == "Kim Lee");
  CHECK(text_of(user, "externalId") == "e-1");
  CHECK(user.at("name").at("familyName") == "Lee");
  CHECK(user.at("active") == true);

  const auto replaced =
      body_of(scim("PUT", "/Users/" + id, R"({"userName":"kim@acme.example","displayName":"K. Lee"})"));
  CHECK(text_of(replaced, "displayName") == "K. Lee");
  CHECK(!replaced.contains("externalId"));
  CHECK(!replaced.at("name").as_object().contains("givenName"));
  const auto changed = body_of(scim("PATCH", "/Users/" + id,
                                    R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[)"
                                    R"({"op":"Replace","path":"userName","value":"kim.lee@acme.example"},)"
                                    R"({"op":"add","value":{"externalId":"e-2","name":{"givenName":"Kimberly"}}},)"
                                    R"({"op":"replace","path":"name.familyName","value":"Lee"},)"
                                    R"({"op":"replace","path":"active","value":"False"}]})"));
  CHECK(text_of(changed, "userName") == "kim.lee@acme.example");
  CHECK(text_of(changed, "displayName") == "Kimberly Lee");
  CHECK(text_of(changed, "externalId") == "e-2");
  CHECK(changed.at("active") == false);
}

TEST_CASE_FIXTURE(DirectoryDesk, "lists have pages, totals and the two filters; anything else as a filter is refused") {
  for (int i = 0; i < 4; ++i) {
    clock.advance_ms(1);
    made(R"({"userName":"p)" + std::to_string(i) + R"(@acme.example","externalId":"x)" + std::to_string(i) + "\"}");
  }
  CHECK(total("") == 6);  // with the two who were there
  const auto page = body_of(scim("GET", "/Users?startIndex=3&count=2"));
  CHECK(page.at("itemsPerPage") == 2);
  CHECK(page.at("startIndex") == 3);
  CHECK(text_of(page.at("Resources").at(0).as_object(), "userName") == "p0@acme.example");
  CHECK(body_of(scim("GET", "/Users?count=0")).at("itemsPerPage") == 0);
  CHECK(body_of(scim("GET", "/Users?count=-1&startIndex=-5")).at("startIndex") == 1);
  CHECK(body_of(scim("GET", "/Users?count=100000")).at("itemsPerPage") == 6);
  CHECK(total("?filter=userName%20eq%20%22P2%40acme.example%22") == 1);
  CHECK(total("?filter=externalid%20EQ%20%22x3%22") == 1);
  CHECK(total("?filter=externalId%20eq%20%22x9%22") == 0);
  for (const auto* bad : {"userName", "userName%20ne%20%22a%22", "title%20eq%20%22a%22", "userName%20eq%20a",
                          "userName%20eq%20%22a%22%20or%20active%20eq%20true", "userName%20eq%20%22%22"}) {
    const auto refused = scim("GET", std::string("/Users?filter=") + bad);
    CHECK_MESSAGE(refused.status == 400, bad);
    CHECK(text_of(body_of(refused), "scimType") == "invalidFilter");
  }
}

TEST_CASE_FIXTURE(DirectoryDesk, "who is disabled by the directory is out at once, with the keys that they made") {
  const auto boss = add("boss@acme.example", access::Role::administrator);
  const auto cookie = sign_in(boss);
  const auto key = text_of(
      body_of(send({.method = "POST", .target = "/api-keys", .body = R"({"name":"K"})", .cookie = cookie})), "secret");
  CHECK(send({.target = "/conversations", .bearer = key}).status == 200);
  const auto off =
      scim("PATCH", "/Users/" + boss.id.text(), R"({"Operations":[{"op":"replace","value":{"active":false}}]})");
  CHECK(off.status == 200);
  CHECK(send({.target = "/session", .cookie = cookie}).status == 401);
  CHECK(send({.target = "/conversations", .bearer = key}).status == 401);
  // The workspace keeps an administrator, whatever the directory wants.
  CHECK(scim("DELETE", "/Users/" + admin.id.text()).status == 409);
  CHECK(send({.target = "/session", .cookie = admin_cookie}).status == 200);
}

TEST_CASE_FIXTURE(DirectoryDesk, "who is disabled by an administrator leaves no key behind either") {
  const auto boss = add("boss@acme.example", access::Role::administrator);
  const auto key = text_of(
      body_of(send({.method = "POST", .target = "/api-keys", .body = R"({"name":"K"})", .cookie = sign_in(boss)})),
      "secret");
  CHECK(send({.target = "/conversations", .bearer = key}).status == 200);
  CHECK(send({.method = "PATCH",
              .target = "/users/" + boss.id.text(),
              .body = R"({"state":"disabled"})",
              .cookie = admin_cookie})
            .status == 200);
  CHECK(send({.target = "/conversations", .bearer = key}).status == 401);
}

// A link that lies in a mailbox which somebody has lost, or left behind, must not outlive the address.
TEST_CASE_FIXTURE(DirectoryDesk,
                  "the directory's token does no more than who made it may now, and ends with that person") {
  const auto boss = add("boss@acme.example", access::Role::administrator);
  const auto boss_cookie = sign_in(boss);
  const auto as_admin = [&](std::string method, std::string target, std::string body) {
    return send(
        {.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = admin_cookie});
  };
  const auto person = "/users/" + boss.id.text();
  const auto made_by_boss = [&] {
    token = text_of(body_of(send({.method = "POST", .target = "/scim-token", .cookie = boss_cookie})), "secret");
  };
  made_by_boss();
  made(kim);
  REQUIRE(as_admin("PATCH", person, R"({"role":"agent"})").status == 200);
  CHECK(scim("POST", "/Users", R"({"userName":"o@acme.example"})").status == 403);
  REQUIRE(as_admin("PATCH", person, R"({"role":"administrator"})").status == 200);
  made(R"({"userName":"o@acme.example"})");
  REQUIRE(as_admin("PATCH", person, R"({"state":"disabled"})").status == 200);
  CHECK(scim("GET", "/Users").status == 401);
  CHECK(body_of(send({.target = "/scim-token", .cookie = admin_cookie})).at("exists") == false);
  token = make_token();
  CHECK(scim("GET", "/Users").status == 200);  // another person's is not touched
}

TEST_CASE_FIXTURE(DirectoryDesk,
                  "a token of a directory dies with the exposed code that made it, and its acts are listed") {
  const auto boss = add("boss@acme.example", access::Role::administrator);
  const auto stranger = sign_in(boss);
  token = text_of(body_of(send({.method = "POST", .target = "/scim-token", .cookie = stranger})), "secret");
  const auto accomplice = made(kim);
  REQUIRE(send({.method = "POST", .target = "/users/" + boss.id.text() + "/exposed", .cookie = admin_cookie}).status ==
          204);
  CHECK(scim("GET", "/Users").status == 401);
  make_token();  // a new one does not take the acts of the old one out of sight
  const auto list = body_of(send({.target = "/incidents", .cookie = admin_cookie}));
  const auto path = "/incidents/" + text_of(list.at("items").at(0).as_object(), "id") + "/acts";
  const auto acts = body_of(send({.target = path, .cookie = admin_cookie})).at("items").as_array();
  const auto is_of_stranger = [&](const json::value& act) {
    return act.at("action") == "user.create" && act.at("object_id").as_string() == accomplice;
  };
  CHECK(std::ranges::any_of(acts, is_of_stranger));
}

TEST_CASE_FIXTURE(DirectoryDesk, "when the directory changes an address, the former one is told, and its links end") {
  const auto boss = add("boss@acme.example", access::Role::administrator);
  const auto link = must(database->write(
      [&](store::Transaction& tx) { return access::make_account_link(tx, "key", boss, access::LinkPurpose::reset); }));
  const auto opens = [&] {
    return database->query([&](store::Session& session) {
      return access::load_account_link(session, access::link_token("key", link.id));
    });
  };
  CHECK(opens().has_value());
  const auto changed = R"({"Operations":[{"op":"replace","path":"userName","value":"chief@acme.example"}]})";
  CHECK(scim("PATCH", "/Users/" + boss.id.text(), changed).status == 200);
  CHECK(opens().error().code == "link_unknown");
  const auto told =
      must(database->write([](store::Transaction& tx) { return access::claim_account_mails(tx, 1'000, 10); }));
  const auto letter = std::ranges::find(told, access::LetterKind::address_changed, &access::AccountMail::kind);
  REQUIRE(letter != told.end());
  CHECK(letter->to == "boss@acme.example");
  CHECK(access::write_letter(*letter, "https://desk.example", "").text.find("chief@acme.example") != std::string::npos);
}

TEST_CASE_FIXTURE(DirectoryDesk, "who is deleted is not there any more, and comes back as the same person") {
  const auto id = made(kim);
  CHECK(scim("DELETE", "/Users/" + id).status == 204);
  CHECK(scim("GET", "/Users/" + id).status == 404);
  CHECK(scim("DELETE", "/Users/" + id).status == 404);
  CHECK(total("?filter=userName%20eq%20%22kim%40acme.example%22") == 0);
  CHECK(made(kim) == id);
  CHECK(body_of(scim("GET", "/Users/" + id)).at("active") == true);
}

TEST_CASE_FIXTURE(DirectoryDesk,
                  "addresses and ids of the directory are each one person's, and mistakes are told as SCIM does") {
  const auto id = made(kim);
  const auto twice = scim("POST", "/Users", kim);
  CHECK(twice.status == 409);
  CHECK(text_of(body_of(twice), "scimType") == "uniqueness");
  CHECK(text_of(body_of(twice), "status") == "409");
  const auto globex = must(database->write(
      [](store::Transaction& tx) { return access::create_workspace(tx, access::system_actor({}), "Globex"); }));
  must(database->write([&](store::Transaction& tx) {
    return access::create_user(tx, access::system_actor({}),
                               {.workspace = globex.id, .name = "Lee", .email = "lee@globex.example"});
  }));
  const auto of_others = scim("POST", "/Users", R"({"userName":"lee@globex.example"})");
  CHECK(of_others.status == 409);
  CHECK(text_of(body_of(of_others), "scimType") == "uniqueness");
  CHECK(scim("POST", "/Users", R"({"userName":"o@acme.example","externalId":"e-1"})").status == 409);
  CHECK(total("?filter=userName%20eq%20%22o%40acme.example%22") == 0);  // nothing half done
  CHECK(scim("PUT", "/Users/" + id, R"({"userName":"zoe@acme.example"})").status == 409);
  for (const std::string bad : {"", "[]", "{}", R"({"userName":7})", R"({"userName":"no address"})",
                                R"({"userName":"k@acme.example","active":"perhaps"})"})
    CHECK_MESSAGE(scim("POST", "/Users", bad).status == 400, bad);
  for (const std::string bad :
       {"{}", R"({"Operations":[]})", R"({"Operations":[{"op":"move"}]})", R"({"Operations":[{"op":"remove"}]})",
        R"({"Operations":[{"op":"replace","path":"active"}]})", R"({"Operations":[{"op":"replace","value":7}]})"})
    CHECK_MESSAGE(scim("PATCH", "/Users/" + id, bad).status == 400, bad);
  CHECK(scim("GET", "/Users/nobody").status == 404);
}

TEST_CASE_FIXTURE(DirectoryDesk, "a directory sees its own workspace only, by its newest token only") {
  const auto other = make_workspace("Other");
  const auto ivy = add("ivy@other.example", access::Role::agent, other.id);
  CHECK(scim("GET", "/Users/" + ivy.id.text()).status == 404);
  CHECK(scim("DELETE", "/Users/" + ivy.id.text()).status == 404);
  CHECK(scim("POST", "/Users", R"({"userName":"ivy@other.example"})").status == 409);
  const auto old_one = token;
  token = make_token();
  CHECK(scim("GET", "/Users").status == 200);
  token = old_one;
  const auto refused = scim("GET", "/Users");
  CHECK(refused.status == 401);
  CHECK(refused.headers.find("WWW-Authenticate") == "Bearer");
  CHECK(text_of(body_of(refused), "status") == "401");
  token = make_token();
  CHECK(send({.target = "/conversations", .bearer = token}).status == 401);  // for nothing else
  CHECK(send({.method = "DELETE", .target = "/scim-token", .cookie = admin_cookie}).status == 204);
  CHECK(scim("GET", "/Users").status == 401);
  CHECK(send({.method = "POST", .target = "/scim-token", .cookie = zoe_cookie}).status == 403);
}

TEST_CASE_FIXTURE(DirectoryDesk, "what the directory can do here is told by the server itself") {
  CHECK(body_of(scim("GET", "/ServiceProviderConfig")).at("patch").at("supported") == true);
  CHECK(body_of(scim("GET", "/ResourceTypes")).at("totalResults") == 2);
  CHECK(body_of(scim("GET", "/Schemas")).at("Resources").at(0).at("id") ==
        "urn:ietf:params:scim:schemas:core:2.0:User");
}

TEST_CASE("a change takes at most a hundred operations") {
  const auto operations = [](std::size_t count) {
    std::string text = R"({"Operations":[)";
    for (std::size_t i = 0; i < count; ++i)
      text += std::string(i == 0 ? "" : ",") + R"({"op":"replace","path":"active","value":true})";
    return text + "]}";
  };
  CHECK(read_scim_patch(operations(scim_operations_max)));
  CHECK(!read_scim_patch(operations(scim_operations_max + 1)));
}

}  // namespace
}  // namespace answerable::http
