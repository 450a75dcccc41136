// Attempts on restricted access, through the API: who is slowed down, who is not, and what is told.
#include "http/watch.h"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "http/desk_test.h"
#include "policy/agreement.h"
#include "policy/finding.h"
#include "policy/version.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }
std::string code_of(const net::Response& response) { return std::string(body_of(response).at("code").as_string()); }

struct Guarded : Desk {
  Guarded() {
    must(database->write([](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::publish_default(tx));
      return 0;
    }));
  }
  std::string op = sign_in(add("op@host.example", access::Role::operator_));

  net::Response guess(std::string_view password, std::string device = {}) {
    const auto body = R"({"email":"zoe@acme.example","password":")" + std::string(password) + "\"}";
    Sent sent{.method = "POST", .target = "/session", .body = body};
    if (!device.empty()) sent.headers.emplace_back("Cookie", "answerable-device=" + device);
    return send(sent);
  }
  net::Response as(const std::string& cookie, std::string target) {
    return send({.target = std::move(target), .cookie = cookie});
  }
  // Until it is slowed down; returns the last answer before that.
  template <class F>
  net::Response until_slowed(F&& once, int most = 200) {
    net::Response last;
    for (int i = 0; i < most; ++i) {
      auto answer = once();
      if (answer.status == 429 && code_of(answer) == "slowed_down") return last;
      last = std::move(answer);
    }
    FAIL("never slowed down");
    return last;
  }
  // What was recorded of this kind; written behind the answers, in the order of the writer.
  std::vector<policy::Finding> found(std::string_view kind) {
    must(database->write([](store::Transaction&) -> Result<int> { return 0; }));
    access::Actor by;
    by.kind = access::Actor::Kind::user;
    by.role = access::Role::operator_;
    auto list = must(database->query([&](store::Session& session) { return policy::findings(session, by); })).items;
    std::erase_if(list, [&](const auto& one) { return one.kind != kind; });
    return list;
  }
};

TEST_CASE("networks are a /24 or a /64") {
  CHECK(network_of("198.51.100.7") == "198.51.100.0/24");
  CHECK(network_of("::ffff:198.51.100.7") == "198.51.100.0/24");
  CHECK(network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(network_of("pipe") == "pipe");
}

TEST_CASE_FIXTURE(Guarded,
                  "who guesses is slowed down with its network; the owner's device and whoever is in are not") {
  const auto opened = guess("correct horse 7 battery");
  std::string device;
  for (std::size_t i = 0; i < opened.headers.size(); ++i) {
    const auto value = opened.headers[i].value;
    if (value.starts_with("answerable-device=")) device = value.substr(18, value.find(';') - 18);
  }
  REQUIRE(!device.empty());
  // Over many accounts, as one that knows a list of addresses does.
  int n = 0;
  until_slowed([&] {
    const auto body = R"({"email":"p)" + std::to_string(n++) + R"(@acme.example","password":"summer"})";
    return send({.method = "POST", .target = "/session", .body = body});
  });
  const auto slowed = guess("correct horse 7 battery");
  CHECK(slowed.status == 429);
  CHECK(slowed.headers.find("Retry-After") == "1");
  CHECK(guess("correct horse 7 battery", device).status == 200);
  CHECK(get("/conversations").status == 200);
  clock.advance_ms(access::Attempts::first_wait_ms);
  CHECK(guess("correct horse 7 battery").status == 200);
  const auto findings = found("guessing");
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().subject == "198.51.100.0/24");
  CHECK(findings.front().workspace.is_nil());
  CHECK(!findings.front().is_violation);
}

TEST_CASE_FIXTURE(Guarded, "guessing one person's code tells that person's workspace") {
  for (int i = 0; i < 9; ++i) guess("no");
  for (int i = 0; i < 10; ++i) send({.method = "POST", .target = "/account/link", .body = R"({"token":"x"})"});
  guess("no");
  REQUIRE(found("guessing").size() == 1);
  CHECK(found("guessing").front().workspace == workspace.id);
  CHECK(found("guessing").front().facts.contains("an account of this workspace"));
}

TEST_CASE_FIXTURE(Guarded, "probing what the role does not allow slows that session down, and is a violation") {
  CHECK(until_slowed([&] { return get("/ledger"); }).status == 403);
  CHECK(get("/conversations").status == 429);
  CHECK(get("/session").status == 200);
  CHECK(as(admin_cookie, "/conversations").status == 200);
  CHECK(as(sign_in(zoe), "/conversations").status == 200);  // another of the same person
  const auto findings = found("privilege_probing");
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().is_violation);
  CHECK(findings.front().subject == zoe.id.text());
  const auto listed = body_of(as(op, "/oversight/findings"));
  CHECK(listed.at("open") == 1);
  CHECK(listed.at("items").at(0).at("workspace").at("name") == "Acme");
}

TEST_CASE_FIXTURE(Guarded, "ids of another workspace are told from ids that do not exist") {
  const auto id = receive("kim@customer.example", "Hello?").conversation.text();
  const auto other = make_workspace("Other");
  const auto stranger = sign_in(add("boss@other.example", access::Role::administrator, other.id));
  CHECK(until_slowed([&] { return as(stranger, "/conversations/" + id); }, 6).status == 404);
  REQUIRE(found("cross_workspace").size() == 1);
  CHECK(found("cross_workspace").front().workspace == other.id);
  CHECK(found("enumeration").empty());
  for (int i = 0; i < 10; ++i) CHECK(get("/conversations/" + ConversationId::make(clock).text()).status == 404);
  CHECK(until_slowed([&] { return get("/contacts/" + ContactId::make(clock).text()); }).status == 404);
  CHECK(found("enumeration").size() == 1);
}

TEST_CASE_FIXTURE(Guarded, "a key that has ended is looked into: whose it was stands in the finding") {
  const auto made =
      body_of(send({.method = "POST", .target = "/api-keys", .body = R"({"name":"Old"})", .cookie = admin_cookie}));
  const std::string secret(made.at("secret").as_string());
  const std::string id(made.at("api_key").at("id").as_string());
  CHECK(send({.target = "/conversations", .bearer = secret}).status == 200);
  CHECK(send({.method = "DELETE", .target = "/api-keys/" + id, .cookie = admin_cookie}).status == 204);
  CHECK(until_slowed([&] { return send({.target = "/conversations", .bearer = secret}); }).status == 401);
  REQUIRE(found("token_misuse").size() == 1);
  CHECK(found("token_misuse").front().workspace == workspace.id);
  CHECK(found("token_misuse").front().facts.contains("(Old)"));
}

TEST_CASE_FIXTURE(Guarded,
                  "where the operator approves, a program works from then on; before, its use is a violation") {
  must(database->write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(policy::save_agreement(tx, access::system_actor({}),
                                      {.workspace = workspace.id,
                                       .signed_at = tx.now(),
                                       .signatory = "Ada",
                                       .entitlements = {},
                                       .notices = {},
                                       .terms = {{"approved_programs", "approval", "operator"}},
                                       .accepted_version = {},
                                       .accepted_at = {}}));
    return 0;
  }));
  const auto post = [&](const std::string& cookie, std::string target, std::string body) {
    return send({.method = "POST", .target = std::move(target), .body = std::move(body), .cookie = cookie});
  };
  const auto made =
      body_of(post(admin_cookie, "/applications", R"({"name":"Sync","purpose":"Orders","scope":"read"})"));
  CHECK(made.at("state") == "asked");
  const std::string id(made.at("id").as_string());
  CHECK(post(admin_cookie, "/api-keys", R"({"name":"K","scopes":["write"],"application":")" + id + "\"}").status ==
        422);
  const auto key = body_of(post(admin_cookie, "/api-keys", R"({"name":"K","application":")" + id + "\"}"));
  const std::string secret(key.at("secret").as_string());
  const auto use = [&] { return send({.target = "/conversations", .bearer = secret}); };
  CHECK(use().status == 401);
  CHECK(code_of(use()) == "application_not_approved");
  REQUIRE(found("unapproved_program").size() == 1);
  CHECK(found("unapproved_program").front().is_violation);
  CHECK(found("unapproved_program").front().subject == id);
  CHECK(found("unapproved_program").front().clause == "approved_programs");
  CHECK(body_of(as(op, "/oversight/applications")).at("total") == 1);
  CHECK(post(op, "/oversight/applications/" + id + "/decide", R"({"outcome":"approved"})").status == 204);
  CHECK(post(op, "/oversight/applications/" + id + "/decide", R"({"outcome":"refused"})").status == 409);
  CHECK(use().status == 200);
  CHECK(send({.method = "DELETE", .target = "/applications/" + id, .cookie = admin_cookie}).status == 204);
  CHECK(use().status == 401);
  CHECK(post(admin_cookie, "/api-keys", R"({"name":"K2","application":")" + id + "\"}").status == 409);
}

TEST_CASE_FIXTURE(Guarded, "tokens of another kind are misuse; sessions that ended, and none at all, are not") {
  for (int i = 0; i < 100; ++i) {
    CHECK(send({.target = "/conversations"}).status == 401);
    CHECK(as(std::string(43, 'A'), "/conversations").status == 401);
  }
  CHECK(found("token_misuse").empty());
  for (int i = 0; i < 10; ++i) CHECK(as("chat.visitor.token", "/conversations").status == 401);
  CHECK(found("token_misuse").size() == 1);
}

TEST_CASE_FIXTURE(Guarded, "paths that do not exist, and one address after the other, are noticed") {
  for (int i = 0; i < 29; ++i) CHECK(send({.target = "//wp-login.php"}).status == 404);
  CHECK(found("forced_browsing").empty());
  send({.target = "//wp-login.php"});
  CHECK(found("forced_browsing").size() == 1);
  int asked = 0;
  until_slowed([&] {
    const auto body = R"({"email":"p)" + std::to_string(asked++) + R"(@acme.example"})";
    return send({.method = "POST", .target = "/account/reset", .body = body});
  });
  CHECK(asked == 31);  // and the page that asks about addresses waits from then on
  CHECK(found("enumeration").size() == 1);
}

}  // namespace
}  // namespace answerable::http
