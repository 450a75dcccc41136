// Every operation of the description, tried by those who may not.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <map>
#include <set>

#include "access/authorize.h"
#include "access/report_exposed.h"
#include "http/composed_test.h"
#include "http/openapi_document.h"
#include "policy/violation.h"

namespace answerable::http {
namespace {

TEST_CASE_FIXTURE(Desk, "every route stands in the description with what it needs, and nothing else does") {
  const auto paths = json::parse(openapi_document()).at("paths").as_object();
  std::set<std::string> described, real;
  for (const auto& path : paths) {
    for (const auto& method : path.value().as_object()) {
      auto name = std::string(method.key());
      for (auto& c : name) c = static_cast<char>(std::toupper(c));
      described.insert(name + " /api/v1" + std::string(path.key()));
      const auto& needs = method.value().at("x-needs");
      if (needs.is_null()) continue;
      CHECK(access::is_known_pair(std::string_view(needs.at("resource").as_string()),
                                  std::string_view(needs.at("action").as_string())));
    }
  }
  for (const auto& route : router.routes()) {
    if (route->pattern.starts_with("/api/v1/") && !route->is_websocket())
      real.insert(route->method + " " + route->pattern);
  }
  CHECK(described == real);
}

TEST_CASE_FIXTURE(OpenDesk,
                  "every route of the description refuses who is not signed in, and operators but for what is theirs") {
  const auto op = sign_in(add("op@host.example", access::Role::operator_));
  const auto paths = json::parse(openapi_document()).at("paths").as_object();
  for (const auto& path : paths) {
    for (const auto& method : path.value().as_object()) {
      const auto& needs = method.value().at("x-needs");
      if (needs.is_null()) continue;
      Sent sent{.method = std::string(method.key()), .target = std::string(path.key())};
      for (auto& c : sent.method) c = static_cast<char>(std::toupper(c));
      if (const auto at = sent.target.find("{id}"); at != std::string::npos)
        sent.target.replace(at, 4, ConversationId::make(clock).text());
      if (method.value().as_object().contains("requestBody")) sent.body = "{}";
      CAPTURE(sent.method + " " + sent.target);
      const auto stranger = send(sent);
      CHECK(stranger.status == 401);
      CHECK(stranger.headers.find("Content-Security-Policy")->contains("frame-ancestors"));
      sent.cookie = op;
      const std::string resource(needs.at("resource").as_string());
      const bool is_only_operators = resource == "workspace" || resource == "oversight";
      const bool is_operators = resource == "session" || resource == "me" || resource == "incident" ||
                                resource == "incident_rule" || is_only_operators;
      if (!is_operators) CHECK(send(sent).status == 403);
      if (!is_only_operators) continue;
      CHECK(send(sent).status != 403);
      sent.cookie = admin_cookie;
      CHECK(send(sent).status == 403);
    }
  }
}

TEST_CASE_FIXTURE(Desk, "no answer can be shown in a frame of another site") {
  for (const auto* target : {"//", "//widget.js", "//nothing.php", "//acceptable-use", "//healthz", "//readyz",
                             "/session", "/conversations", "/openapi.json", "/policy/versions", "/nothing"}) {
    CAPTURE(target);
    const auto answer = get(target);
    const auto policy = answer.headers.find("Content-Security-Policy");
    REQUIRE(policy);
    CHECK(policy->contains("frame-ancestors 'none'"));
  }
}

// Every second permission of the table, and the others: between them each is once given and once not.
access::User person_with_half(Desk& desk, std::size_t remainder) {
  access::RoleWish wish{.name = "half" + std::to_string(remainder), .permissions = {}};
  const auto rules = access::rules();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (i % 2 == remainder && access::is_composable(rules[i])) wish.permissions.push_back(permission_name(rules[i]));
  }
  return add_with_role(desk, wish);
}

bool gives(const access::Permissions& permissions, const json::value& needs) {
  const bool is_own = needs.at("own").as_bool();
  const auto rules = access::rules();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& rule = rules[i];
    if (rule.resource != std::string_view(needs.at("resource").as_string()) ||
        rule.action != std::string_view(needs.at("action").as_string()))
      continue;
    if (rule.relation == access::Relation::own && !is_own) continue;
    if (permissions[i] || access::is_everybodys(rule)) return true;
  }
  return false;
}

// Acts that answer with the thing as it is then, and so ask for reading as well.
const std::map<std::string, std::string> needs_also{
    {"PUT /second-factor-roles", "second_factor_rule:read"},
    {"POST /incidents/{id}/close", "incident:read"},
    {"POST /incidents/{id}/notification/sent", "incident:read"},
    {"POST /incidents/{id}/personal-data", "incident:read"},
    {"PUT /incidents/{id}/notification", "incident:read"},
    {"GET /incidents/{id}/affected", "incident:read"},
    {"GET /incidents/{id}/evidence", "incident:read"},
    {"GET /conversations/{id}/export", "conversation:read"},
    {"POST /incidents/{id}/acts/{seq}/undo", "incident:read"},
    {"POST /conversations/{id}/suggestion/confirm", "conversation:read"},
    {"POST /conversations/{id}/suggestion/dismiss", "conversation:read"},
    {"PATCH /contacts/{id}", "contact:read"},
};

TEST_CASE_FIXTURE(OpenDesk, "a composed role opens what it names, and no other operation") {
  const auto paths = json::parse(openapi_document()).at("paths").as_object();
  int opened = 0, refused = 0;
  for (const std::size_t half : {0, 1}) {
    const auto person = person_with_half(*this, half);
    const auto reach =
        must(database->query([&](store::Session& session) { return access::reach_of(session, person); }));
    for (const auto& path : paths) {
      for (const auto& method : path.value().as_object()) {
        const auto& needs = method.value().at("x-needs");
        if (needs.is_null()) continue;
        Sent sent{.method = std::string(method.key()), .target = std::string(path.key()), .cookie = sign_in(person)};
        for (auto& c : sent.method) c = static_cast<char>(std::toupper(c));
        if (const auto at = sent.target.find("{id}"); at != std::string::npos)
          sent.target.replace(at, 4, ConversationId::make(clock).text());
        if (sent.target == "/events") sent.target += "?wait=0";
        if (method.value().as_object().contains("requestBody")) sent.body = "{}";
        CAPTURE(half);
        CAPTURE(sent.method + " " + sent.target);
        bool may = gives(reach.permissions, needs);
        if (const auto also = needs_also.find(sent.method + " " + std::string(path.key())); also != needs_also.end())
          may = may && reach.permissions[access::find_permission(also->second).value()];
        CHECK((send(sent).status == 403) == !may);
        ++(may ? opened : refused);
      }
    }
  }
  CHECK(opened > 40);
  CHECK(refused > 40);
}

TEST_CASE_FIXTURE(OpenDesk, "nothing of another workspace is found, read or changed, by any operation") {
  const auto other = make_workspace("Other");
  const auto stranger = sign_in(add("boss@other.example", access::Role::administrator, other.id));
  const auto things = things_of(*this);
  const auto before = get("/conversations/" + things.at("/conversations/{id}")).body;
  const auto paths = json::parse(openapi_document()).at("paths").as_object();
  int tried = 0;
  for (const auto& path : paths) {
    const std::string pattern(path.key());
    const auto id_at = pattern.find("{id}");
    if (id_at == std::string::npos || pattern.starts_with("/oversight/")) continue;  // those are the operator's alone
    auto target = pattern;
    target.replace(id_at, 4, things.at(pattern.substr(0, id_at + 4)));
    for (const auto& entry : path.value().as_object()) {
      auto method = std::string(entry.key());
      for (auto& c : method) c = static_cast<char>(std::toupper(c));
      const auto operation = method + " " + pattern;
      CAPTURE(operation);
      const auto answer = send({.method = method, .target = target, .body = right_body(operation), .cookie = stranger});
      // Dropping a draft that one does not have is a success everywhere.
      CHECK(answer.status == (operation == "DELETE /conversations/{id}/draft" && answer.status == 204 ? 204 : 404));
      ++tried;
    }
  }
  CHECK(tried > 25);
  CHECK(get("/conversations/" + things.at("/conversations/{id}")).body == before);
  for (const auto* target : {"/conversations", "/contacts", "/deliveries?state=queued", "/search?q=Hello", "/tags"})
    CHECK(body_of(send({.target = target, .cookie = stranger})).at("total") == 0);
  CHECK(body_of(send({.target = "/events?wait=0", .cookie = stranger})).at("events").as_array().size() ==
        1);  // the stranger's own account
}

}  // namespace
}  // namespace answerable::http
