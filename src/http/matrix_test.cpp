// Every operation of the description, tried by those who may not.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <map>
#include <set>

#include "access/authorize.h"
#include "access/known_device.h"
#include "access/report_exposed.h"
#include "http/desk_test.h"
#include "http/openapi_document.h"
#include "policy/violation.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }

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

TEST_CASE_FIXTURE(Desk,
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
      CHECK(send(sent).status == 401);
      sent.cookie = op;
      const std::string resource(needs.at("resource").as_string());
      const bool is_only_operators = resource == "workspace" || resource == "oversight";
      const bool is_operators = resource == "session" || resource == "me" || is_only_operators;
      if (!is_operators) CHECK(send(sent).status == 403);
      if (!is_only_operators) continue;
      CHECK(send(sent).status != 403);
      sent.cookie = admin_cookie;
      CHECK(send(sent).status == 403);
    }
  }
}

policy::MeasureId measure_of(Desk& desk) {
  return must(desk.database->write([&](store::Transaction& tx) -> Result<policy::MeasureId> {
    TRY_STATUS(policy::publish_default(tx));
    TRY(const auto measure, policy::report_violation(tx, access::system_actor(desk.workspace.id),
                                                     {.workspace = desk.workspace.id,
                                                      .clause = "no_bulk",
                                                      .control = "report",
                                                      .object_kind = {},
                                                      .object_id = {},
                                                      .facts = "Fifty times the same."}));
    return measure.id;
  }));
}

// One thing of each kind in the first workspace, by the path under which it is found.
std::map<std::string, std::string> things_of(Desk& desk) {
  std::map<std::string, std::string> things;
  const auto arrived = desk.receive("kim@customer.example", "Hello?");
  const auto id = arrived.conversation.text();
  const auto reply = body_of(desk.post("/conversations/" + id + "/messages", R"({"text":"Yes","kind":"reply"})"));
  const auto open = body_of(desk.get("/conversations/" + id));
  Sent upload{.method = "POST", .target = "/uploads?filename=a.txt", .body = "bytes", .cookie = desk.zoe_cookie};
  const auto key = body_of(
      desk.send({.method = "POST", .target = "/api-keys", .body = R"({"name":"K"})", .cookie = desk.admin_cookie}));
  const auto queued = body_of(desk.send({.target = "/deliveries?state=queued", .cookie = desk.admin_cookie}));
  const auto sessions = body_of(desk.get("/sessions"));
  things["/conversations/{id}"] = id;
  things["/messages/{id}"] = reply.at("id").as_string();
  things["/contacts/{id}"] = open.at("contact").at("id").as_string();
  things["/attachments/{id}"] = body_of(desk.send(upload)).at("id").as_string();
  things["/users/{id}"] = desk.zoe.id.text();
  things["/api-keys/{id}"] = key.at("api_key").at("id").as_string();
  things["/channels/{id}"] = desk.mail.id.text();
  things["/deliveries/{id}"] = queued.at("items").at(0).at("id").as_string();
  things["/sessions/{id}"] = sessions.at("items").at(0).at("id").as_string();
  const auto device = must(desk.database->write([&](store::Transaction& tx) {
    return access::remember_device(tx, desk.zoe.id, {.token = {}, .user_agent = "Test", .address = "::1"});
  }));
  things["/devices/{id}"] =
      access::DeviceId::from_bytes(std::string_view(access::device_hash(device)).substr(0, 16)).text();
  things["/policy/measures/{id}"] = measure_of(desk).text();
  const auto ivy = desk.add("ivy@acme.example", access::Role::agent);
  things["/incidents/{id}"] =
      must(desk.database->write([&](store::Transaction& tx) {
        return access::report_exposed(tx, "", access::AccessFixture::actor_of(desk.admin), ivy.id);
      })).text();
  things["/quarantine/{id}"] = desk.quarantine("From: x").text();
  return things;
}

// A body that would be right, so that only the workspace is wrong.
std::string right_body(const std::string& operation) {
  static const std::map<std::string, std::string> bodies{
      {"PATCH /conversations/{id}", R"({"status":"closed","subject":"x"})"},
      {"POST /conversations/{id}/messages", R"({"text":"x","kind":"reply"})"},
      {"POST /conversations/{id}/read", R"({"unread":true})"},
      {"PUT /conversations/{id}/tags", R"({"tags":["x"]})"},
      {"PUT /conversations/{id}/draft", R"({"text":"x","kind":"reply"})"},
      {"POST /conversations/{id}/presence", R"({"state":"typing"})"},
      {"PATCH /contacts/{id}", R"({"name":"x"})"},
      {"POST /incidents/{id}/notes", R"({"text":"x"})"},
      {"PATCH /users/{id}", R"({"name":"x"})"},
      {"PATCH /channels/{id}", R"({"name":"x"})"},
      {"POST /deliveries/{id}/resolve", R"({"as":"sent"})"},
      {"POST /messages/{id}/forward", R"({"to":["m@maker.example"]})"},
      {"POST /policy/measures/{id}/appeal", R"({"text":"x"})"},
      {"POST /quarantine/{id}/release", R"({"why":"x"})"},
      {"PUT /messages/{id}/folding", R"({"shown_lines":0})"}};
  const auto found = bodies.find(operation);
  return found == bodies.end() ? std::string() : found->second;
}

TEST_CASE_FIXTURE(Desk, "nothing of another workspace is found, read or changed, by any operation") {
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
