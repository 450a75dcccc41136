// What is noted of whom by the routes that hand out customers' data, and the reason that some of them ask for.
#include <doctest/doctest.h>

#include "cluster/log_reader.h"
#include "conversations/search.h"
#include "http/composed_test.h"

namespace answerable::http {
namespace {

struct ReadDesk : OpenDesk {
  // Newest first: a look shows what was noted before it, so the second shows the first.
  json::array noted() {
    as_admin("GET", "/read-log");
    return body_of(as_admin("GET", "/read-log")).at("items").as_array();
  }
  net::Response as_admin(std::string method, std::string target, std::string body = {}) {
    return send(
        {.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = admin_cookie});
  }
};

TEST_CASE_FIXTURE(ReadDesk, "each way to a customer's data leaves a reading with the person and the contact") {
  const auto things = things_of(*this);
  const auto contact = things.at("/contacts/{id}");
  const auto raw = quarantine("From: y");
  std::vector<std::pair<std::string, std::string>> expected;
  for (const auto& [kind, target] : std::vector<std::pair<std::string, std::string>>{
           {"conversation", "/conversations/" + things.at("/conversations/{id}")},
           {"contact", "/contacts/" + contact},
           {"search", "/search?q=kim@customer.example"},
           {"search", "/contacts?q=kim"}})
    CHECK(get(target).status == 200);
  CHECK(as_admin("GET", "/quarantine/" + raw.text() + "/raw").status == 200);
  std::vector<std::string> kinds;
  for (const auto& one : noted()) kinds.emplace_back(one.at("kind").as_string());
  std::ranges::reverse(kinds);
  CHECK(kinds == std::vector<std::string>{"conversation", "contact", "search", "search", "raw_mail", "read_log"});
  const auto of_contact = body_of(as_admin("GET", "/read-log?contact=" + contact));
  CHECK(of_contact.at("total") == 2);
  CHECK(of_contact.at("items").at(0).at("contact_name") == "Customer");
  CHECK(of_contact.at("items").at(0).at("reader").at("name") == "zoe");
  CHECK(body_of(as_admin("GET", "/read-log?reader=" + zoe.id.text())).at("total") == 4);
  CHECK(get("/read-log").status == 403);
  CHECK(body_of(as_admin("GET", "/read-log/verify")).at("ok") == true);
}

// Both give names and addresses by the hundred.
TEST_CASE_FIXTURE(ReadDesk,
                  "turning the pages of all contacts and the list of whom an incident affects leave readings") {
  receive("kim@customer.example", "Hello");
  receive("lee@customer.example", "Hello");
  const auto first = body_of(get("/contacts?limit=1"));
  CHECK(get("/contacts?limit=1&cursor=" + std::string(first.at("next_cursor").as_string())).status == 200);
  CHECK(as_admin("POST", "/users/" + zoe.id.text() + "/exposed").status == 204);
  const auto incident = std::string(body_of(as_admin("GET", "/incidents")).at("items").at(0).at("id").as_string());
  CHECK(as_admin("GET", "/incidents/" + incident + "/affected").status == 200);
  const auto items = noted();
  CHECK(items.at(2).at("kind") == "search");
  CHECK(items.at(2).at("object") == "*");
  CHECK(items.at(1).at("kind") == "evidence");
  CHECK(items.at(1).at("object").as_string() == incident);
}

TEST_CASE_FIXTURE(ReadDesk, "an export leaves a reading of each conversation that it tells of") {
  const auto id = receive("kim@customer.example", "A lantern").conversation.text();
  receive("ola@customer.example", "Another lantern");
  conversations::SearchIndexer indexer;
  cluster::LogReader reader(indexer.options(), *database, *fanout, metrics);
  reader.catch_up();
  CHECK(as_admin("GET", "/conversations/" + id + "/export").status == 200);
  CHECK(as_admin("GET", "/search/export?q=lantern").status == 200);
  reader.stop();
  std::map<std::string, int> kinds;
  for (const auto& one : noted()) ++kinds[std::string(one.at("kind").as_string())];
  CHECK(kinds["conversation"] == 1);
  CHECK(kinds["search"] == 2);
}

TEST_CASE_FIXTURE(ReadDesk, "what was closed long ago is shown for a reason only, by every route that shows it") {
  const auto id = receive("kim@customer.example", "Hello?").conversation.text();
  send({.method = "PATCH", .target = "/conversations/" + id, .body = R"({"status":"closed"})", .cookie = admin_cookie});
  clock.advance_ms(181 * access::day_ms);
  const auto cookie = sign_in(zoe);
  for (const auto* path : {"", "/messages"}) {
    const auto refused = send({.target = "/conversations/" + id + path, .cookie = cookie});
    CHECK(refused.status == 403);
    CHECK(body_of(refused).at("code") == "reason_required");
    CHECK(!refused.content().contains("Hello?"));
  }
  const auto with = [&](std::string reason) {
    return send(
        {.target = "/conversations/" + id, .cookie = cookie, .headers = {{"Answerable-Reason", std::move(reason)}}});
  };
  CHECK(with("%zz").status == 422);
  CHECK(with("a").status == 422);
  CHECK(with("Elle%20a%20appel%C3%A9").status == 200);
  CHECK(send({.target = "/conversations/" + id + "/messages", .cookie = cookie}).status == 200);
  admin_cookie = sign_in(admin);
  const auto items = noted();
  CHECK(std::ranges::any_of(items, [](const json::value& one) { return one.at("reason") == "Elle a appelé"; }));
}

TEST_CASE_FIXTURE(ReadDesk, "the rules are read and set") {
  CHECK(body_of(as_admin("GET", "/read-rules")).at("closed_days") == 180);
  const auto set = as_admin("PUT", "/read-rules", R"({"of_others":true,"closed_days":0,"kept_days":30})");
  CHECK(body_of(set).at("of_others") == true);
  CHECK(body_of(as_admin("GET", "/read-rules")).at("kept_days") == 30);
  CHECK(as_admin("PUT", "/read-rules", R"({"kept_days":29})").status == 422);
}

}  // namespace
}  // namespace answerable::http
