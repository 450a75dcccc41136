// Shared codes and bulk reading, through the API: what the person is asked, what a reviewer gets, and that nobody is
// locked out.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "http/desk_test.h"
#include "http/watch.h"
#include "policy/agreement.h"
#include "policy/version.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

std::string code_of(const net::Response& response) {
  return std::string(json::parse(response.content()).at("code").as_string());
}

struct Place {
  std::string cookie, browser, address;
};

// The office lies in Lisbon, home in Tokyo.
struct Map : access::GeoDatabase {
  std::optional<access::Location> find(std::string_view address) const override {
    if (address == "198.51.100.7") return access::Location{.latitude = 38.7, .longitude = -9.1, .accuracy_km = 50};
    if (address == "203.0.113.9") return access::Location{.latitude = 35.7, .longitude = 139.7, .accuracy_km = 50};
    return std::nullopt;
  }
};

struct Shared : Desk {
  explicit Shared(ApiConfig config = {}) : Desk(std::move(config)) {
    must(database->write([](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::publish_default(tx));
      return 0;
    }));
  }
  Place office{zoe_cookie, "Firefox", "198.51.100.7"};
  Place home{sign_in(zoe), "Chrome", "203.0.113.9"};
  std::string conversation = receive("kim@customer.example", "Hello?").conversation.text();

  net::Response note(const Place& at) {
    return send({.method = "POST",
                 .target = "/conversations/" + conversation + "/messages",
                 .body = R"({"text":"So.","kind":"note"})",
                 .cookie = at.cookie,
                 .headers = {{"User-Agent", at.browser}},
                 .peer = at.address});
  }
  // Two people who work with one code at the same time.
  void work_together(int rounds) {
    for (int i = 0; i < rounds; ++i) {
      note(office);
      note(home);
      clock.advance_ms(60'000);
    }
  }
  void confirm(const Place& at) {
    const auto answer = send({.method = "POST",
                              .target = "/session/confirm",
                              .body = R"({"password":"correct horse 7 battery"})",
                              .cookie = at.cookie});
    CHECK(answer.status == 204);
  }
  std::vector<policy::Finding> found() {
    must(database->write([](store::Transaction&) -> Result<int> { return 0; }));
    access::Actor by;
    by.kind = access::Actor::Kind::user;
    by.role = access::Role::operator_;
    return must(database->query([&](store::Session& session) { return policy::findings(session, by); })).items;
  }
  void agree(std::vector<policy::Term> terms) {
    must(database->write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::save_agreement(tx, access::system_actor({}),
                                        {.workspace = workspace.id,
                                         .signed_at = tx.now(),
                                         .signatory = "Ada",
                                         .entitlements = {},
                                         .notices = {},
                                         .terms = std::move(terms),
                                         .accepted_version = {},
                                         .accepted_at = {}}));
      return 0;
    }));
    clock.advance_ms(Thresholds::remembered_ms);
  }
};

TEST_CASE_FIXTURE(Shared, "a code used by two at once: each browser confirms once, then a reviewer gets it; no lock") {
  work_together(5);
  CHECK(found().empty());
  CHECK(note(office).status == 403);
  CHECK(code_of(note(office)) == "step_up_required");
  CHECK(get("/session").status == 200);
  confirm(office);
  CHECK(note(office).status == 201);
  CHECK(code_of(note(home)) == "step_up_required");
  confirm(home);
  CHECK(note(home).status == 201);
  work_together(5);
  REQUIRE(found().size() == 1);
  const auto finding = found().front();
  CHECK(finding.kind == "shared_code");
  CHECK(finding.subject == zoe.id.text());
  CHECK(!finding.is_violation);
  CHECK(!finding.closed_at);
  clock.advance_ms(60'000);
  confirm(office);
  CHECK(note(office).status == 201);
}

TEST_CASE("who is at two places too far apart within the hour is asked again, and once only about one way") {
  ApiConfig config;
  config.geo_database = std::make_shared<Map>();
  Shared shop(std::move(config));
  const auto there_and_back = [&] {
    shop.note(shop.office);
    shop.clock.advance_ms(1'200'000);
    shop.note(shop.home);
    shop.clock.advance_ms(1'200'000);
    shop.note(shop.office);
    shop.clock.advance_ms(access::StepUpAsked::begins_after_ms);
  };
  there_and_back();
  CHECK(code_of(shop.note(shop.office)) == "step_up_required");
  shop.confirm(shop.office);
  shop.confirm(shop.home);
  for (int i = 0; i < 5; ++i) there_and_back();
  CHECK(shop.note(shop.office).status == 201);
  CHECK(shop.found().empty());
}

TEST_CASE_FIXTURE(Shared, "the agreement's own threshold goes before the policy's") {
  agree({{"agreed_limits", "overlaps_a_day", "100"}});
  work_together(20);
  CHECK(note(office).status == 201);
}

TEST_CASE_FIXTURE(Shared, "who reads far more than a role needs is asked again, then waits; the operator sees it") {
  agree({{"approved_programs", "read_an_hour", "10"}});
  std::vector<std::string> ids;
  for (int i = 0; i < 21; ++i)
    ids.push_back(receive("c" + std::to_string(i) + "@customer.example", "?").conversation.text());
  const auto open = [&](std::size_t i) { return get("/conversations/" + ids.at(i)); };
  for (std::size_t i = 0; i < 10; ++i) CHECK(open(i).status == 200);
  CHECK(open(0).status == 200);  // nothing new
  CHECK(found().empty());
  CHECK(open(10).status == 200);
  REQUIRE(found().size() == 1);
  CHECK(found().front().kind == "bulk_reading");
  CHECK(found().front().facts.starts_with("By " + zoe.name + ": 11 different things"));
  clock.advance_ms(access::StepUpAsked::begins_after_ms);
  CHECK(code_of(open(11)) == "step_up_required");
  confirm(office);
  for (std::size_t i = 11; i < 20; ++i) CHECK(open(i).status == 200);
  const auto limited = open(20);
  CHECK(limited.status == 429);
  CHECK(code_of(limited) == "reading_limited");
  CHECK(limited.headers.find("Retry-After"));
  CHECK(note(office).status != 429);  // working goes on
  clock.advance_ms(access::BulkReading::hour_ms);
  confirm(office);
  CHECK(open(20).status == 200);
}

TEST_CASE_FIXTURE(Shared,
                  "a program that pages through everything is noticed and limited, and is not asked who it is") {
  agree({{"approved_programs", "program_reads_an_hour", "10"}});
  const auto made = json::parse(
      send({.method = "POST", .target = "/api-keys", .body = R"({"name":"Copy"})", .cookie = admin_cookie}).content());
  const std::string key(made.at("secret").as_string());
  const auto page = [&](int i) {
    return send({.target = "/contacts?cursor=c" + std::to_string(i), .bearer = key}).status;
  };
  for (int i = 0; i < 3; ++i) CHECK(page(i) == 400);  // the positions are invented
  REQUIRE(found().size() == 1);
  CHECK(found().front().subject_kind == "api_key");
  CHECK(page(3) == 400);
  CHECK(page(4) == 429);
}

}  // namespace
}  // namespace answerable::http
