// Every operation of the description, tried with what broke others. docs/peer-vulnerabilities.csv names each test.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>

#include "audit/ledger.h"
#include "http/things_test.h"

namespace answerable::http {
namespace {

// The path with the ids of real things in it.
std::string aimed(const std::map<std::string, std::string>& things, const std::string& pattern) {
  auto target = pattern;
  if (const auto at = target.find("{id}"); at != std::string::npos) {
    const auto found = things.find(pattern.substr(0, at + 4));
    target.replace(at, 4, found == things.end() ? ConversationId().text() : found->second);
  }
  if (const auto at = target.find("{number}"); at != std::string::npos) target.replace(at, 8, "1");
  return target;
}

std::int64_t number_of(Desk& desk, store::Sql sql) {
  return must(desk.database->query([&](store::Session& s) { return s.number(sql); }));
}

// The fields of an operation's JSON body; none when it takes no such body.
std::optional<json::object> promised_by(const Operation& one) {
  const auto* body = one.described.if_contains("requestBody");
  if (body == nullptr || !body->at("content").as_object().contains("application/json")) return std::nullopt;
  auto schema = body->at("content").at("application/json").at("schema");
  if (const auto* reference = schema.as_object().if_contains("$ref")) {
    const auto name = std::string(reference->as_string()).substr(std::string("#/components/schemas/").size());
    schema = json::parse(openapi_document()).at("components").at("schemas").at(name);
  }
  return schema.at("properties").as_object();
}

// CVE-2025-48476 (a password written with the name), CVE-2026-72719 (the tenant itself), CVE-2020-29159 (the role),
// CVE-2026-41191, CVE-2026-40589, CVE-2026-53592: every column of the store is offered to every act.
TEST_CASE_FIXTURE(OpenDesk, "no operation takes a field that it does not promise, whatever columns the store has") {
  auto things = things_of(*this);
  things["/oversight/workspaces/{id}"] = workspace.id.text();
  const auto op = sign_in(add("op@host.example", access::Role::operator_));
  auto names = must(database->query([](store::Session& s) {
    return s.all("select distinct p.name from sqlite_master m, pragma_table_info(m.name) p where m.type = 'table'", {},
                 [](const store::Row& row) { return std::string(row.string(0)); });
  }));
  REQUIRE(names.size() > 200);
  for (const auto* more : {"account_id", "is_admin", "__proto__", "constructor", "password", "$where"})
    names.emplace_back(more);
  int tried = 0;
  for (const auto& one : operations()) {
    const auto promised = promised_by(one);
    if (!promised) continue;
    std::vector<std::string> foreign;
    for (const auto& name : names)
      if (!promised->contains(name)) foreign.push_back(name);
    const bool is_operators = one.path.starts_with("/oversight") || one.path == "/workspaces";
    std::set<std::string> refused;
    for (std::size_t from = 0; from < foreign.size(); from += 40) {  // as many as one answer names
      json::object offered;
      for (auto i = from; i < std::min(from + 40, foreign.size()); ++i) offered[foreign[i]] = "x";
      const auto answer = send({.method = one.method,
                                .target = aimed(things, one.path),
                                .body = json::serialize(offered),
                                .cookie = is_operators ? op : admin_cookie});
      if (answer.status != 422) continue;
      for (const auto& error : body_of(answer).at("errors").as_array())
        if (error.at("code") == "unknown") refused.emplace(error.at("field").as_string());
    }
    CAPTURE(one.name());
    CHECK(refused == std::set<std::string>(foreign.begin(), foreign.end()));
    ++tried;
  }
  CHECK(tried > 35);
}

// CVE-2020-10104 (hashes in answers), CVE-2026-44231 (reading rotates and shows tokens), CVE-2026-56732 and
// CVE-2026-84463 (an image that signs out), CVE-2022-25803 and CVE-2011-1690 (sent on to another site).
TEST_CASE_FIXTURE(OpenDesk, "reading tells no secret, sends nobody elsewhere, ends no session and changes nothing") {
  auto things = things_of(*this);
  things["/oversight/workspaces/{id}"] = workspace.id.text();
  const auto op = sign_in(add("op@host.example", access::Role::operator_));
  const auto key =
      body_of(send({.method = "POST", .target = "/api-keys", .body = R"({"name":"L"})", .cookie = admin_cookie}));
  const std::vector<std::string> secrets{admin_cookie, zoe_cookie, op, std::string(key.at("secret").as_string()),
                                         "$argon2"};
  const auto rows = [&] {
    return number_of(*this,
                     "select (select count(*) from sessions) + (select count(*) from users) + (select count(*) from "
                     "messages) + (select count(*) from api_keys) + (select count(*) from events)");
  };
  const auto before = rows();
  for (const auto& one : operations()) {
    if (one.method != "GET") continue;
    auto target = aimed(things, one.path) + (one.path == "/search" ? "?q=Hello" : "?wait=0");
    for (const auto& more : {std::string(), std::string("&next=//evil.example&goto=https://evil.example")}) {
      for (const auto& cookie : {admin_cookie, op, std::string()}) {
        const auto answer = send({.target = target + more, .cookie = cookie});
        CAPTURE(target + more);
        CHECK(!answer.headers.find("Location"));
        CHECK(!answer.headers.find("Set-Cookie"));
        CHECK((answer.status < 300 || answer.status >= 400));
        for (const auto& secret : secrets) CHECK(answer.content().find(secret) == std::string::npos);
      }
    }
  }
  CHECK(rows() == before);
  for (const auto& cookie : {admin_cookie, zoe_cookie, op})
    CHECK(send({.target = "/session", .cookie = cookie}).status == 200);
}

// CVE-2025-21628, CVE-2026-44706, CVE-2026-41075, CVE-2021-42235 (a filter becomes SQL), CVE-2011-4460 (the number of
// rows), CVE-2026-34724 (a template), CVE-2024-33667 (a name of a method).
TEST_CASE_FIXTURE(OpenDesk, "a hostile value of any parameter is refused or finds nothing, and harms nothing") {
  auto things = things_of(*this);
  const auto tables = number_of(*this, "select count(*) from sqlite_master");
  const auto users = number_of(*this, "select count(*) from users");
  int tried = 0;
  for (const auto& one : operations()) {
    const auto* parameters = one.described.if_contains("parameters");
    if (one.method != "GET" || parameters == nullptr) continue;
    for (const auto& parameter : parameters->as_array()) {
      if (parameter.at("in") != "query") continue;
      const std::string name(parameter.at("name").as_string());
      for (const auto* value : {"'%20OR%20'1'%3D'1", "1%29%3BDROP%20TABLE%20users%3B--",
                                "x%27%20UNION%20SELECT%20id%20FROM%20users--", "%7B%7B7*7%7D%7D", "%24%7B7*7%7D", "-1",
                                "99999999999999999999", "delete", "%00", "%FF", "..%2F..%2Fetc%2Fpasswd"}) {
        const auto target =
            aimed(things, one.path) + "?" + (one.path == "/events" ? "wait=0&" : "") + name + "=" + value;
        CAPTURE(target);
        const auto answer = send({.target = target, .cookie = admin_cookie});
        CHECK(answer.status != 500);
        const bool is_empty = value == std::string_view("%00");  // which asks for nothing
        if (answer.status == 200 && (name == "q" || name == "tag") && !is_empty)
          CHECK(body_of(answer).at("total") == 0);
        ++tried;
      }
    }
  }
  CHECK(tried > 200);
  CHECK(number_of(*this, "select count(*) from sqlite_master") == tables);
  CHECK(number_of(*this, "select count(*) from users") == users);
}

// CVE-2026-34722 (a link to what one may not see), CVE-2026-63205 (a copy of anybody's file), CVE-2026-40590 and
// CVE-2026-41190 (a customer, a conversation that one may not see), GHSA-v8vc-cmf9-gg2c.
TEST_CASE_FIXTURE(OpenDesk, "an id of another workspace in a body is as unknown as one in a path") {
  const auto things = things_of(*this);
  const auto other = make_workspace("Other");
  const auto mine = make_mail_channel(other.id, "help@other.example");
  const auto stranger = sign_in(add("boss@other.example", access::Role::administrator, other.id));
  const auto act = [&](std::string method, std::string target, std::string body) {
    return send(
        {.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = stranger});
  };
  const auto start = [&](const ChannelId& channel) {
    return act("POST", "/conversations",
               R"({"to":"kim@customer.example","subject":"s","text":"t","channel_id":")" + channel.text() + "\"}");
  };
  const auto started = start(mine.id);
  REQUIRE(started.status == 201);
  const auto own = std::string(
      body_of(send({.target = "/conversations", .cookie = stranger})).at("items").at(0).at("id").as_string());
  CHECK(start(mail.id).status >= 400);
  CHECK(act("PATCH", "/conversations/" + own, R"({"assignee":")" + zoe.id.text() + "\"}").status >= 400);
  for (const auto* kind : {"note", "reply"})
    CHECK(act("POST", "/conversations/" + own + "/messages",
              R"({"text":"x","kind":")" + std::string(kind) + R"(","attachments":[")" + things.at("/attachments/{id}") +
                  "\"]}")
              .status >= 400);
  // The customer of both is two contacts: neither workspace learns of the other's.
  const auto contacts = body_of(send({.target = "/contacts", .cookie = stranger}));
  CHECK(contacts.at("total") == 1);
  CHECK(std::string(contacts.at("items").at(0).at("id").as_string()) != things.at("/contacts/{id}"));
}

// CVE-2020-29160 (an act by the API that leaves no trace), CVE-2023-45024.
TEST_CASE_FIXTURE(OpenDesk, "whatever an operation changes is an entry of the ledger, by whom it was") {
  // Nothing that others see: who is there, what one has begun to write, what one has seen.
  const std::set<std::string> silent{"POST /conversations/{id}/presence", "PUT /conversations/{id}/draft",
                                     "DELETE /conversations/{id}/draft", "POST /conversations/{id}/read"};
  const auto things = things_of(*this);
  int tried = 0;
  for (const auto& one : operations()) {
    const bool is_act = one.method != "GET" && one.path.find("{id}") != std::string::npos;
    if (!is_act || one.path.starts_with("/oversight/")) continue;
    const auto before =
        must(database->query([&](store::Session& session) { return audit::entry_count(session, workspace.id); }));
    const auto answer = send({.method = one.method,
                              .target = aimed(things, one.path),
                              .body = right_body(one.name()),
                              .cookie = admin_cookie});
    if (answer.status >= 300 || silent.contains(one.name())) continue;
    const auto left = must(
        database->query([&](store::Session& session) { return audit::entries(session, workspace.id, before, 100); }));
    const auto is_admins = [&](const audit::Entry& entry) {
      return must(audit::decode_entry(entry.encoded)).actor.id == admin.id.text();
    };
    CAPTURE(one.name());
    CHECK(std::ranges::any_of(left, is_admins));
    ++tried;
  }
  CHECK(tried > 12);
}

}  // namespace
}  // namespace answerable::http
