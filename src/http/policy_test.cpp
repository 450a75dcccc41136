// The policy over the API: public versions and pages, what a suspension stops, and what operators do.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "http/desk_test.h"
#include "policy/cure.h"
#include "policy/suspend.h"
#include "policy/version.h"
#include "policy/violation.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }
std::string text_at(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

struct Host : Desk {
  Host() {
    must(database->write([](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::publish_default(tx));
      return 0;
    }));
  }
  std::string op = sign_in(add("op@host.example", access::Role::operator_));
  std::string second_op = sign_in(add("op2@host.example", access::Role::operator_));
  std::string at = "/oversight/workspaces/" + workspace.id.text();

  net::Response as(const std::string& cookie, std::string method, std::string target, std::string body = {}) {
    return send({.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = cookie});
  }
  // What the scanner reports of a reply.
  void find_malware() {
    must(database->write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::report_violation(tx, access::system_actor(workspace.id),
                                          {.workspace = workspace.id,
                                           .clause = "no_malware",
                                           .control = "malware_scanner",
                                           .object_kind = {},
                                           .object_id = {},
                                           .facts = "A reply was to leave with malware: Eicar."}));
      return 0;
    }));
  }
  void suspend(policy::Scope scope, std::string cause = "policy_breach") {
    must(database->write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(policy::suspend(tx, access::system_actor(workspace.id),
                                 {.workspace = workspace.id, .scope = scope, .cause = cause, .reason = "So."}));
      return 0;
    }));
    clock.advance_ms(Standing::remembered_ms);
  }
};

constexpr auto clause = R"({"id":"a","class":1,"rules":[{"name":"ladder","value":"1 warn"}],)"
                        R"("texts":[{"language":"en","title":"A <b>","body":"New & better.\n\nTwice."}]})";

TEST_CASE_FIXTURE(Host, "the operator writes a draft, publishes it, and everybody reads every version") {
  CHECK(as(op, "GET", "/oversight/draft").status == 404);
  const auto draft = std::string(R"({"summary":"Shorter","clauses":[)") + clause + "]}";
  CHECK(as(op, "PUT", "/oversight/draft", R"({"clauses":[{"id":"A","class":9}]})").status == 422);
  CHECK(as(op, "PUT", "/oversight/draft", draft).status == 200);
  CHECK(send({.target = "/policy/versions/2"}).status == 404);  // a draft is nobody's business
  CHECK(as(op, "POST", "/oversight/draft/publish", R"({"effective_at":"2001-01-01T00:00:00Z"})").status == 422);
  clock.advance_ms(1);
  CHECK(as(op, "POST", "/oversight/draft/publish", "{}").status == 200);
  const auto versions = body_of(send({.target = "/policy/versions"}));
  CHECK(versions.at("total") == 2);
  CHECK(versions.at("in_force") == 2);
  CHECK(body_of(send({.target = "/policy/versions/2"})).at("clauses").as_array().size() == 1);
  CHECK(send({.target = "/policy/versions/9999999"}).status == 400);
  CHECK(as(op, "DELETE", "/oversight/draft").status == 404);
}

TEST_CASE_FIXTURE(Host, "the public pages need no sign-in, are in the reader's language, and escape what was written") {
  const auto draft = std::string(R"({"clauses":[)") + clause + "]}";
  as(op, "PUT", "/oversight/draft", draft);
  clock.advance_ms(1);
  as(op, "POST", "/oversight/draft/publish", "{}");
  const auto page = send({.target = "//acceptable-use"});
  CHECK(page.status == 200);
  CHECK(page.body.find("A &lt;b&gt;") != std::string::npos);
  CHECK(page.body.find("<b>") == std::string::npos);
  CHECK(page.headers.find("Content-Security-Policy")->find("script") == std::string::npos);
  const auto first = send({.target = "//acceptable-use/1", .headers = {{"Accept-Language", "fr-CH, en"}}});
  CHECK(first.body.find("Contenus licites") != std::string::npos);
  CHECK(first.body.find("Dès l’infraction 1 : avertissement · 3 : retenue · 5 : suspension (l’envoi), comptées sur 90 "
                        "jours") != std::string::npos);
  const auto english = send({.target = "//acceptable-use/1?lang=en"}).body;
  CHECK(english.find("Lawful content") != std::string::npos);
  CHECK(english.find("From violation 1: warning · 3: hold · 5: suspension (sending), counted within 90 days") !=
        std::string::npos);
  CHECK(first.body.find("en vigueur depuis le 14 novembre 2023") != std::string::npos);
  CHECK(page.body.find("in force since 14 November 2023") != std::string::npos);
  const auto compared = send({.target = "//acceptable-use/1/compare/2"});
  CHECK(compared.body.find("<ins>New &amp; better.") != std::string::npos);
  CHECK(compared.body.find("<del>") != std::string::npos);
  for (const auto* target : {"//acceptable-use/3", "//acceptable-use/x", "//acceptable-use/1/compare/3"}) {
    const auto missing = send({.target = target});
    CHECK(missing.status == 404);
    CHECK(missing.body.find("<h1>There is no such page.</h1>") != std::string::npos);
  }
}

TEST_CASE_FIXTURE(Host, "a suspension of sign-in stops agents, who still learn why, and lets administrators in") {
  suspend(policy::Scope::sign_in);
  const auto refused = get("/conversations");
  CHECK(refused.status == 403);
  CHECK(body_of(refused).at("code") == "suspended");
  CHECK(body_of(refused).at("detail") == "So.");
  const auto session = body_of(get("/session"));
  CHECK(session.at("workspace").at("suspensions").at(0).at("scope") == "sign_in");
  CHECK(body_of(get("/policy")).at("suspensions").at(0).at("reason") == "So.");
  CHECK(as(admin_cookie, "GET", "/conversations").status == 200);
  must(database->write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(policy::report_cured(tx, workspace.id, "policy_breach", true));
    return policy::resume_cured(tx);
  }));
  CHECK(get("/conversations").status == 403);  // remembered
  clock.advance_ms(Standing::remembered_ms);
  CHECK(get("/conversations").status == 200);
}

TEST_CASE_FIXTURE(Host, "a suspension of the API stops programs, not people; everything stops both") {
  const auto created = body_of(as(admin_cookie, "POST", "/api-keys", R"({"name":"K"})"));
  const auto key = text_at(created, "secret");
  CHECK(send({.target = "/conversations", .bearer = key}).status == 200);
  suspend(policy::Scope::api);
  CHECK(send({.target = "/conversations", .bearer = key}).status == 403);
  CHECK(get("/conversations").status == 200);
  suspend(policy::Scope::everything, "legal_prohibition");
  CHECK(get("/conversations").status == 403);
  CHECK(as(admin_cookie, "GET", "/policy/measures").status == 200);
}

TEST_CASE_FIXTURE(Host, "agreement, violation, appeal, decision and the second operator, over the API") {
  const auto agreement = R"({"signed_at":"2023-11-14T22:13:20Z","signatory":"Ada","seats":5,"period_days":30,)"
                         R"("administrator_address":"boss@acme.example",)"
                         R"("terms":[{"clause":"no_bulk","name":"ladder","value":"1 suspend sending"}]})";
  CHECK(as(op, "PUT", at + "/agreement", agreement).status == 204);
  CHECK(body_of(as(admin_cookie, "GET", "/policy/agreement")).at("agreement").at("seats") == 5);
  CHECK(as(admin_cookie, "POST", "/policy/acceptance", R"({"version":1})").status == 409);
  const auto reported = as(op, "POST", at + "/violations", R"({"clause":"no_bulk","facts":"Sixty times the same."})");
  CHECK(reported.status == 201);
  CHECK(body_of(reported).at("rests_on") == "term");
  const auto measure = body_of(as(admin_cookie, "GET", "/policy/measures")).at("items").at(0).as_object();
  CHECK(measure.at("kind") == "suspend");
  const auto path = "/policy/measures/" + text_at(measure, "id") + "/appeal";
  CHECK(as(admin_cookie, "POST", path, R"({"text":"We were told to."})").status == 201);
  CHECK(as(admin_cookie, "POST", path, R"({"text":"Again."})").status == 409);
  const auto waiting = body_of(as(op, "GET", "/oversight/appeals")).at("items").at(0).as_object();
  CHECK(waiting.at("workspace").at("name") == "Acme");
  const auto appeal = text_at(waiting.at("measure").at("appeal").as_object(), "id");
  const auto decision = R"({"outcome":"reversed","answer":"Right."})";
  CHECK(as(op, "POST", "/oversight/appeals/" + appeal + "/decide", decision).status == 403);  // he reported it
  CHECK(as(second_op, "POST", "/oversight/appeals/" + appeal + "/decide", decision).status == 200);
  const auto request = body_of(as(op, "GET", "/oversight/requests")).at("items").at(0).as_object();
  CHECK(request.at("act") == "lift");
  const auto confirm = "/oversight/requests/" + text_at(request, "id") + "/confirm";
  CHECK(as(second_op, "POST", confirm).status == 403);
  CHECK(as(op, "POST", confirm).status == 204);
  CHECK(body_of(as(op, "GET", at)).at("suspensions").as_array().empty());
  const auto figures = body_of(as(op, "GET", "/oversight/clauses")).at("figures").at(0).as_object();
  CHECK(figures.at("dismissed") == 1);
}

TEST_CASE_FIXTURE(Host, "facts of a control are told in French to who asks in French, and are recorded in English") {
  find_malware();
  const auto facts = [&](std::string language) {
    const auto answer = send(
        {.target = "/policy/measures", .cookie = admin_cookie, .headers = {{"Accept-Language", std::move(language)}}});
    return text_at(body_of(answer).at("items").at(0).as_object(), "facts");
  };
  CHECK(facts("fr-CA") == "Une réponse allait partir avec un logiciel malveillant : Eicar.");
  CHECK(facts("en") == "A reply was to leave with malware: Eicar.");
}

TEST_CASE_FIXTURE(Host, "why the workspace is suspended is told in French to who asks in French, wherever it is told") {
  const auto agreement = R"({"signed_at":"2023-11-14T22:13:20Z","signatory":"Ada","period_days":30,)"
                         R"("terms":[{"clause":"no_malware","name":"ladder","value":"1 suspend everything"}]})";
  CHECK(as(op, "PUT", at + "/agreement", agreement).status == 204);
  find_malware();
  clock.advance_ms(Standing::remembered_ms);
  const auto told = [&](std::string target, const std::string& cookie, std::string language) {
    return body_of(
        send({.target = std::move(target), .cookie = cookie, .headers = {{"Accept-Language", std::move(language)}}}));
  };
  const auto french = [](std::string_view reason) {
    return reason.contains("Une réponse allait partir avec un logiciel malveillant : Eicar. Mettez fin à la cause.") &&
           reason.starts_with("Article no_malware, ");
  };
  const auto english = [](std::string_view reason) {
    return reason.contains("A reply was to leave with malware: Eicar. Put an end to the cause.");
  };
  const auto reason_in = [](const json::object& answer) {
    return text_at(answer.at("suspensions").at(0).as_object(), "reason");
  };
  for (const auto& [language, is_told] : {std::pair("fr-CA", +french), std::pair("en", +english)}) {
    CAPTURE(language);
    CHECK(is_told(reason_in(told("/policy", admin_cookie, language))));
    CHECK(is_told(reason_in(told("/session", admin_cookie, language).at("workspace").as_object())));
    CHECK(is_told(reason_in(told(at, op, language))));
    CHECK(is_told(text_at(told("/conversations", zoe_cookie, language), "detail")));
  }
}

TEST_CASE_FIXTURE(Host, "what a person has reported is found again in French too, behind the person's own words") {
  const auto received = receive("kim@customer.example", "Hello?");
  const std::vector<std::string> things{"/conversations/" + received.conversation.text(),
                                        "/messages/" + received.message.text(), "/channels/" + mail.id.text(),
                                        "/users/" + zoe.id.text()};
  for (const auto& thing : things)
    CHECK(as(admin_cookie, "POST", thing + "/report", R"({"reason":"Look."})").status == 204);
  const auto findings =
      body_of(send({.target = "/oversight/findings", .cookie = op, .headers = {{"Accept-Language", "fr"}}}))
          .at("items")
          .as_array();
  REQUIRE(findings.size() == things.size());
  for (const auto& finding : findings) {
    const auto facts = text_at(finding.as_object(), "facts");
    CAPTURE(facts);
    CHECK(facts.starts_with("Look.\n\n"));
    CHECK(facts.contains(". Signalé par admin"));
    CHECK(!facts.contains(" of "));
  }
}

TEST_CASE_FIXTURE(Host, "orders to pay and the kill switch, over the API") {
  const auto order =
      as(op, "POST", at + "/orders", R"({"reference":"R1","amount":"10 EUR","due_at":"2023-11-20T00:00:00Z"})");
  CHECK(order.status == 201);
  CHECK(body_of(order).at("state") == "open");
  const auto settle = "/oversight/orders/" + text_at(body_of(order), "id") + "/settle";
  const auto paid = R"({"as":"paid","workspace":")" + workspace.id.text() + "\"}";
  CHECK(body_of(as(op, "POST", settle, paid)).at("state") == "paid");
  CHECK(as(op, "POST", settle, paid).status == 409);
  const auto kill = R"({"act":"kill","cause":"emergency","reason":"Now.","workspace":")" + workspace.id.text() + "\"}";
  const auto asked = as(op, "POST", "/oversight/requests", kill);
  CHECK(asked.status == 201);
  const auto request = "/oversight/requests/" + text_at(body_of(asked), "id");
  CHECK(as(second_op, "POST", request + "/confirm").status == 204);
  CHECK(as(second_op, "DELETE", request).status == 404);
  CHECK(get("/conversations").status == 403);
}

TEST_CASE_FIXTURE(Host, "under the kill switch administrators come in and read why, and nobody sends") {
  const auto thread = "/conversations/" + receive("kim@customer.example", "Hello?").conversation.text();
  suspend(policy::Scope::everything, "emergency");
  CHECK(get(thread).status == 403);
  CHECK(as(admin_cookie, "GET", thread).status == 200);
  CHECK(body_of(as(admin_cookie, "GET", "/policy")).at("suspensions").at(0).at("reason") == "So.");
  const auto reply = as(admin_cookie, "POST", thread + "/messages", R"({"text":"On its way.","kind":"reply"})");
  CHECK(reply.status == 403);
  CHECK(body_of(reply).at("code") == "suspended");
}

TEST_CASE_FIXTURE(Host, "beyond the seats of the agreement nobody is added") {
  CHECK(as(op, "PUT", at + "/agreement",
           R"({"signed_at":"2023-11-14T22:13:20Z","signatory":"Ada","seats":2,"period_days":30})")
            .status == 204);
  const auto added = as(admin_cookie, "POST", "/users", R"({"name":"N","email":"n@acme.example","role":"agent"})");
  CHECK(added.status == 409);
  CHECK(body_of(added).at("code") == "seats_used_up");
}

}  // namespace
}  // namespace answerable::http
