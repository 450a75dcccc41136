#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "audit/ledger.h"
#include "http/desk_test.h"

namespace answerable::http {
namespace {

boost::json::object body_of(const net::Response& response) {
  return boost::json::parse(response.content()).as_object();
}

TEST_CASE_FIXTURE(Desk, "who reads raw mail in the quarantine stands in the ledger, who may not read does not") {
  const auto id = quarantine("From: kim@customer.example\r\n\r\nHello\r\n");
  const auto target = "/quarantine/" + id.text() + "/raw";
  auto reads = [&] {
    auto entries = must(database->query(
        [&](store::Session& session) { return audit::entries(session, workspace.id, 0, audit::entries_max); }));
    std::vector<std::string> found;
    for (const auto& entry : entries)
      if (entry.encoded.find("action=quarantine.read\n") != std::string::npos) found.push_back(entry.encoded);
    return found;
  };
  CHECK(get(target).status == 403);
  CHECK(send({.target = "/quarantine/" + SpoolId::make(clock).text() + "/raw", .cookie = admin_cookie}).status == 404);
  CHECK(reads().empty());
  const auto answer = send({.target = target, .cookie = admin_cookie});
  CHECK(answer.status == 200);
  CHECK(answer.content() == "From: kim@customer.example\r\n\r\nHello\r\n");
  REQUIRE(reads().size() == 1);
  CHECK(reads()[0].find("actor_id=" + admin.id.text() + "\n") != std::string::npos);
  CHECK(reads()[0].find("object_id=" + id.text() + "\n") != std::string::npos);
}

TEST_CASE_FIXTURE(Desk, "what is found in the quarantine is tried again at once, and nothing else") {
  for (int i = 0; i < 3; ++i) quarantine("From: kim@customer.example\r\n\r\nHello " + std::to_string(i) + "\r\n");
  auto total = [&](const std::string& query) {
    return body_of(send({.target = "/quarantine" + query, .cookie = admin_cookie})).at("total").as_int64();
  };
  CHECK(total("") == 3);
  CHECK(total("?q=nobody%20has%20this") == 0);
  auto replay = [&](const std::string& query) {
    return send({.method = "POST", .target = "/quarantine/replay" + query, .cookie = admin_cookie});
  };
  CHECK(body_of(replay("?q=nobody%20has%20this")).at("replayed").as_int64() == 0);
  CHECK(total("") == 3);
  const auto done = replay("");
  CHECK(done.status == 200);
  CHECK(body_of(done).at("replayed").as_int64() == 3);
  CHECK(body_of(done).at("next_cursor").is_null());
  CHECK(post("/quarantine/replay", "").status == 403);
}

TEST_CASE_FIXTURE(Desk, "an administrator sees what a channel's sources have and what we have of it") {
  const auto target = "/channels/" + mail.id.text() + "/completeness";
  CHECK(get(target).status == 403);
  const auto seen = body_of(send({.target = target, .cookie = admin_cookie}));
  CHECK(seen.at("sources").as_array().empty());
  CHECK(seen.at("days").as_array().empty());
  CHECK(seen.at("delays").at("to_visible").at("count").as_int64() == 0);
  // Nothing that could check is plugged in here.
  CHECK(
      send({.method = "POST", .target = "/channels/" + mail.id.text() + "/reconcile", .cookie = admin_cookie}).status ==
      503);
}

}  // namespace
}  // namespace answerable::http
