// Incidents that concern personal data, as the API has them, with the evidence that leaves.
#include <doctest/doctest.h>

#include "access/account_mail.h"
#include "audit/evidence.h"
#include "audit/export.h"
#include "http/composed_test.h"

namespace answerable::http {
namespace {

struct Office {
  store::TemporaryFolder folder;
  audit::SigningKey key = audit::SigningKey::load_or_create(folder.path() + "/key", "desk.example").value();
  ApiFixture desk{config()};
  access::User admin = desk.add("admin@acme.example", access::Role::administrator);
  access::User zoe = desk.add("zoe@acme.example", access::Role::agent);
  std::string cookie = desk.sign_in(admin);

  ApiConfig config() {
    ApiConfig config;
    config.ledger_key = key.public_key();
    config.export_ledger = [this](store::Session& session, WorkspaceId workspace, const auto& sink) {
      return audit::export_ledger(session, workspace, key, sink);
    };
    return config;
  }
  net::Response as(const std::string& who, std::string method, std::string target, std::string body = {}) {
    return desk.send(
        {.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = who});
  }
  net::Response ask(std::string method, std::string target, std::string body = {}) {
    return as(cookie, std::move(method), std::move(target), std::move(body));
  }
  std::string report(std::string_view title) {
    const auto made = ask("POST", "/incidents", R"({"title":")" + std::string(title) + "\"}");
    CHECK(made.status == 201);
    return "/incidents/" + std::string(body_of(made).at("id").as_string());
  }
};

TEST_CASE_FIXTURE(Office, "an incident goes from the report to the register, step by step, with a timeline") {
  const auto path = report("Lost laptop");
  CHECK(ask("PUT", path + "/notification", R"({"nature":"x"})").status == 409);
  const auto declared = body_of(ask("POST", path + "/personal-data", "{}"));
  CHECK(!declared.at("deadline_at").is_null());
  const auto mails =
      must(desk.database->write([](store::Transaction& tx) { return access::claim_account_mails(tx, 1'000, 10); }));
  REQUIRE(mails.size() == 1);
  CHECK(mails[0].to == "admin@acme.example");
  CHECK(ask("POST", path + "/close").status == 409);
  const auto drafted = body_of(ask("PUT", path + "/notification", R"({"nature":"Stolen.","measures":"=wiped"})"));
  CHECK(drafted.at("notifications").at(0).at("sent_at").is_null());
  const auto sent = body_of(ask("POST", path + "/notification/sent"));
  CHECK(!sent.at("notifications").at(0).at("sent_at").is_null());
  CHECK(ask("PUT", path + "/subjects", R"({"decision":"told","reason":"High risk."})").status == 200);
  const auto closed = body_of(ask("POST", path + "/close"));
  std::vector<std::string> timeline;
  for (const auto& entry : closed.at("timeline").as_array()) timeline.emplace_back(entry.at("what").as_string());
  CHECK(timeline ==
        std::vector<std::string>{"opened", "personal_data", "told_privacy", "notification", "subjects_told", "closed"});
  report("Nothing of personal data");
  const auto text = std::string(ask("GET", "/incidents/register").content());
  CHECK(std::ranges::count(text, '\n') == 2);
  CHECK(text.contains("\"Lost laptop\""));
  CHECK(text.contains("\"'=wiped\""));  // no formula
}

TEST_CASE_FIXTURE(Office, "whom an exposed code affects is who was read or answered by that person in the time") {
  const auto kim = desk.receive("kim@customer.example", "Hello?");
  desk.receive("lee@customer.example", "Hi");
  const auto zoes = desk.sign_in(zoe);
  CHECK(as(zoes, "GET", "/conversations/" + kim.conversation.text()).status == 200);
  CHECK(ask("POST", "/users/" + zoe.id.text() + "/exposed").status == 204);
  const auto path =
      "/incidents/" + std::string(body_of(ask("GET", "/incidents")).at("items").at(0).at("id").as_string());
  const auto affected = body_of(ask("GET", path + "/affected"));
  CHECK(affected.at("total") == 1);
  CHECK(affected.at("items").at(0).at("address") == "kim@customer.example");
  CHECK(body_of(ask("GET", path + "/affected?until=2001-01-01T00:00:00Z")).at("total") == 0);
  CHECK(ask("GET", path + "/affected?from=yesterday").status >= 400);
}

TEST_CASE_FIXTURE(Office, "the evidence is signed, complete, and says in ledger and timeline that it was taken") {
  const auto kim = desk.receive("kim@customer.example", "Hello?");
  CHECK(ask("GET", "/conversations/" + kim.conversation.text()).status == 200);
  const auto path = report("Lost laptop");
  CHECK(ask("POST", path + "/personal-data", "{}").status == 200);
  CHECK(ask("PUT", path + "/notification", R"({"nature":"Stolen."})").status == 200);
  const auto tar = ask("GET", path + "/evidence");
  REQUIRE(tar.status == 200);
  const auto evidence = audit::open_evidence(key.public_key(), tar.content());
  REQUIRE(evidence);
  CHECK(evidence->ledger.ok);
  const auto content = [&](std::string_view name) {
    const auto found = std::ranges::find(evidence->files, name, &audit::PackedFile::name);
    return found == evidence->files.end() ? std::string("absent") : std::string(found->content);
  };
  CHECK(json::parse(content("incident.json")).at("title") == "Lost laptop");
  CHECK(content("notification-1.txt").contains("Stolen."));
  CHECK(content("affected.csv").contains("kim@customer.example"));
  CHECK(content("read-log.csv").contains("\"conversation\""));
}

TEST_CASE_FIXTURE(Office, "an agent has nothing of it, and the operator has the installation's own") {
  const auto path = report("Lost laptop");
  const auto agent = desk.sign_in(zoe);
  for (const auto* route : {"/incidents", "/incidents/register", "/incident-rules"})
    CHECK(as(agent, "GET", route).status == 403);
  const auto op = desk.sign_in(desk.add("op@host.example", access::Role::operator_));
  CHECK(body_of(as(op, "GET", "/incidents")).at("total") == 0);
  CHECK(as(op, "GET", path).status == 404);
  CHECK(as(op, "GET", path + "/evidence").status == 404);
  const auto made = as(op, "POST", "/incidents", R"({"title":"Host lost"})");
  CHECK(made.status == 201);
  CHECK(body_of(as(op, "GET", "/incidents")).at("total") == 1);
  CHECK(body_of(ask("GET", "/incidents")).at("total") == 1);
}

TEST_CASE_FIXTURE(Office, "the rules are read and set") {
  CHECK(body_of(ask("GET", "/incident-rules")).at("deadline_hours") == 72);
  const auto set =
      ask("PUT", "/incident-rules",
          R"({"deadline_hours":24,"alarm_percents":["50","100"],"threshold":5,"addressee":"d@acme.example"})");
  CHECK(body_of(set).at("alarm_percents").as_array().size() == 2);
  CHECK(ask("PUT", "/incident-rules", R"({"alarm_percents":["x"]})").status == 422);
}

}  // namespace
}  // namespace answerable::http
