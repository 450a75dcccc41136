// A code that somebody else may know, as the API has it, and live screens whose credential was ended elsewhere.
#include <doctest/doctest.h>

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <future>

#include "access/account_mail.h"
#include "access/report_exposed.h"
#include "http/desk_test.h"
#include "http/live_hub.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }

TEST_CASE_FIXTURE(Desk, "one click ends everything of one's own, and administrators see what was done with it") {
  CHECK(send({.method = "POST", .target = "/me/exposed", .cookie = zoe_cookie}).status == 204);
  CHECK(get("/session").status == 401);
  const auto as_admin = [&](std::string method, std::string target, std::string body = {}) {
    return send(
        {.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = admin_cookie});
  };
  const auto list = body_of(as_admin("GET", "/incidents"));
  CHECK(list.at("total") == 1);
  CHECK(list.at("items").at(0).at("user_name") == "zoe");
  const auto path = "/incidents/" + std::string(list.at("items").at(0).at("id").as_string());
  CHECK(body_of(as_admin("GET", path)).at("timeline").at(0).at("what") == "opened");
  const auto acts = body_of(as_admin("GET", path + "/acts"));
  CHECK(acts.at("is_complete") == true);
  CHECK(acts.at("items").at(0).at("action") == "user.report_exposed");
  const auto noted = body_of(as_admin("POST", path + "/notes", R"({"text":"Looked through."})"));
  CHECK(noted.at("timeline").as_array().back().at("text") == "Looked through.");
  CHECK(!body_of(as_admin("POST", path + "/close")).at("closed_at").is_null());
}

TEST_CASE_FIXTURE(Desk, "drafts that were written with the code are listed with the acts, and only where they lie") {
  const auto before = receive("lee@customer.example", "Hello?").conversation.text();
  const auto within = receive("kim@customer.example", "Hello?").conversation.text();
  const auto draft = [&](const std::string& cookie, const std::string& conversation, const char* kind) {
    const auto target = "/conversations/" + conversation + "/draft";
    const auto body = std::string(R"({"text":"Pay to IBAN 7","kind":")") + kind + "\"}";
    REQUIRE(send({.method = "PUT", .target = target, .body = body, .cookie = cookie}).status == 200);
  };
  draft(zoe_cookie, before, "note");
  clock.advance_ms(access::looked_back_ms + 1);
  zoe_cookie = sign_in(zoe);
  admin_cookie = sign_in(admin);
  draft(zoe_cookie, within, "reply");
  draft(admin_cookie, within, "reply");  // another person's
  CHECK(send({.method = "POST", .target = "/me/exposed", .cookie = zoe_cookie}).status == 204);
  clock.advance_ms(1);
  const auto list = body_of(send({.target = "/incidents", .cookie = admin_cookie}));
  const auto path = "/incidents/" + std::string(list.at("items").at(0).at("id").as_string());
  const auto answer = send({.target = path + "/acts", .cookie = admin_cookie});
  const auto drafts = body_of(answer).at("drafts").as_array();
  REQUIRE(drafts.size() == 1);
  CHECK(drafts[0].at("conversation_id").as_string() == within);
  CHECK(drafts[0].at("kind") == "reply");
  CHECK(!answer.content().contains("IBAN"));
}

TEST_CASE_FIXTURE(Desk, "what was done with the code is undone where it can be, unless it has changed since") {
  const auto taken = receive("kim@customer.example", "Hello?").conversation.text();
  const auto closed = receive("lee@customer.example", "Hello?").conversation.text();
  const auto as_admin = [&](std::string method, std::string target, std::string body = {}) {
    return send(
        {.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = admin_cookie});
  };
  const auto change = [&](const std::string& id, std::string body) {
    return send({.method = "PATCH", .target = "/conversations/" + id, .body = std::move(body), .cookie = zoe_cookie});
  };
  REQUIRE(change(taken, R"({"assignee":")" + zoe.id.text() + "\"}").status == 200);
  REQUIRE(change(closed, R"({"status":"closed"})").status == 200);
  REQUIRE(change(taken, R"({"subject":"Mine"})").status == 200);
  const auto put = [&](std::string target, std::string method, std::string body) {
    return send(
        {.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = zoe_cookie});
  };
  REQUIRE(put("/conversations/" + taken + "/tags", "PUT", R"({"tags":["vip","spam"]})").status == 200);
  const auto contact =
      std::string(body_of(as_admin("GET", "/conversations/" + taken)).at("contact").at("id").as_string());
  const auto name_before = body_of(as_admin("GET", "/contacts/" + contact)).at("name");
  REQUIRE(put("/contacts/" + contact, "PATCH", R"({"name":"Thief","note":"Two\nlines"})").status == 200);
  CHECK(send({.method = "POST", .target = "/me/exposed", .cookie = zoe_cookie}).status == 204);
  const auto listed = body_of(as_admin("GET", "/incidents")).at("items").at(0).at("id").as_string();
  const auto path = "/incidents/" + std::string(listed);
  const auto undo = [&](std::string_view action) {
    const auto acts = body_of(as_admin("GET", path + "/acts"));
    for (const auto& one : acts.at("items").as_array()) {
      if (one.at("action").as_string() != action) continue;
      const auto answer = as_admin("POST", path + "/acts/" + std::to_string(one.at("seq").as_int64()) + "/undo");
      if (answer.status == 200) return std::string("undone");
      return std::string(body_of(answer).at("code").as_string());
    }
    return std::string("no such act");
  };
  CHECK(undo("conversation.assign") == "undone");
  CHECK(body_of(as_admin("GET", "/conversations/" + taken)).at("assignee").is_null());
  CHECK(undo("conversation.assign") == "changed_since");
  CHECK(undo("conversation.close") == "undone");
  CHECK(body_of(as_admin("GET", "/conversations/" + closed)).at("status") == "open");
  const auto subject = [&] { return body_of(as_admin("GET", "/conversations/" + taken)).at("subject"); };
  CHECK(subject() == "Mine");
  CHECK(undo("conversation.rename") == "undone");
  CHECK(subject() != "Mine");
  CHECK(undo("conversation.rename") == "changed_since");
  CHECK(undo("conversation.tag") == "undone");
  CHECK(body_of(as_admin("GET", "/conversations/" + taken)).at("tags").as_array().empty());
  CHECK(undo("contact.update") == "undone");
  CHECK(body_of(as_admin("GET", "/contacts/" + contact)).at("name") == name_before);
  CHECK(body_of(as_admin("GET", "/contacts/" + contact)).at("note").is_null());
  CHECK(undo("contact.update") == "changed_since");
  CHECK(undo("user.report_exposed") == "not_undoable");
  CHECK(body_of(as_admin("GET", path)).at("timeline").as_array().back().at("text") == "contact.update");
  // Nothing but what is laid out: another person's act, or none.
  CHECK(as_admin("POST", path + "/acts/0/undo").status == 404);
  CHECK(as_admin("POST", path + "/acts/-1/undo").status == 404);
  CHECK(as_admin("POST", path + "/acts/x/undo").status == 404);
  CHECK(as_admin("POST", path + "/close").status == 200);
  CHECK(undo("conversation.close") == "incident_closed");
}

TEST_CASE_FIXTURE(Desk, "whom a stranger let in or changed with an administrator's code is as before") {
  const auto boss = add("boss@acme.example", access::Role::administrator);
  const auto cookie = sign_in(boss);
  const auto act = [&](std::string method, std::string target, std::string body) {
    return send({.method = std::move(method), .target = std::move(target), .body = std::move(body), .cookie = cookie});
  };
  const auto person = [&](std::string_view id) {
    return *must(database->query(
        [&](store::Session& session) { return access::find_user(session, workspace.id, *UserId::parse(id)); }));
  };
  const auto made = body_of(act("POST", "/users", R"({"name":"Eve","email":"eve@acme.example","role":"agent"})"));
  const auto eve = std::string(made.at("user").at("id").as_string());
  REQUIRE(act("PATCH", "/users/" + zoe.id.text(), R"({"role":"supervisor"})").status == 200);
  REQUIRE(act("PATCH", "/users/" + zoe.id.text(), R"({"state":"disabled"})").status == 200);
  REQUIRE(act("PATCH", "/users/" + zoe.id.text(), R"({"name":"Zed"})").status == 200);
  CHECK(send({.method = "POST", .target = "/users/" + boss.id.text() + "/exposed", .cookie = admin_cookie}).status ==
        204);
  const auto listed = body_of(send({.target = "/incidents", .cookie = admin_cookie})).at("items").at(0).at("id");
  const auto path = "/incidents/" + std::string(listed.as_string()) + "/acts";
  const auto acts = body_of(send({.target = path, .cookie = admin_cookie}));
  const auto undo = [&](std::size_t wanted, std::string_view action) {
    for (const auto& one : acts.at("items").as_array()) {  // the newest first
      if (one.at("action").as_string() != action || wanted-- > 0) continue;
      const auto target = path + "/" + std::to_string(one.at("seq").as_int64()) + "/undo";
      return send({.method = "POST", .target = target, .cookie = admin_cookie}).status;
    }
    return 0;
  };
  CHECK(undo(0, "user.create") == 200);
  CHECK(!person(eve).is_active);
  CHECK(undo(0, "user.update") == 409);  // a name: the ledger does not have the one before
  CHECK(!person(zoe.id.text()).is_active);
  CHECK(undo(1, "user.update") == 200);
  CHECK(person(zoe.id.text()).is_active);
  CHECK(person(zoe.id.text()).role == access::Role::supervisor);
  CHECK(undo(2, "user.update") == 200);
  CHECK(person(zoe.id.text()).role == access::Role::agent);
  CHECK(undo(2, "user.update") == 409);
}

std::string id_of(const json::value& made) { return std::string(made.at("id").as_string()); }

std::string rule(std::string_view name, std::string_view action) {
  return R"({"name":")" + std::string(name) + R"(","kind":"words","direction":"both","action":")" +
         std::string(action) + R"(","values":["casino"],"active":true})";
}

TEST_CASE_FIXTURE(Desk, "rules on content, roles and channels that a stranger made, changed or deleted are as before") {
  const auto boss = add("boss@acme.example", access::Role::administrator);
  const auto cookie = sign_in(boss);
  const auto act = [&](const std::string& as, std::string method, std::string target, std::string body) {
    auto answer = send({.method = std::move(method), .target = target, .body = std::move(body), .cookie = as});
    INFO(target, answer.content());
    REQUIRE(answer.status < 300);
    return answer;
  };
  const auto stranger = [&](std::string method, std::string target, std::string body = {}) {
    return act(cookie, std::move(method), std::move(target), std::move(body));
  };
  const auto get = [&](std::string target) { return body_of(act(admin_cookie, "GET", std::move(target), "")); };
  const auto make = [&](std::string target, std::string body) {
    return id_of(body_of(act(admin_cookie, "POST", std::move(target), std::move(body))));
  };
  const auto kept = make("/content-rules", rule("Kept", "hold"));
  const auto gone = make("/content-rules", rule("Gone", "refuse"));
  const auto role = make("/roles", R"({"name":"Readers","permissions":["conversation:read"]})");
  stranger("PUT", "/content-rules/" + kept, rule("Kept", "note"));
  stranger("DELETE", "/content-rules/" + gone);
  stranger("POST", "/content-rules", rule("Made", "refuse"));
  stranger("PUT", "/roles/" + role, R"({"name":"Readers","permissions":["conversation:read","conversation:reply"]})");
  stranger("POST", "/roles", R"({"name":"Back door","permissions":["conversation:read"]})");
  stranger("PATCH", "/channels/" + mail.id.text(), R"({"name":"Renamed"})");
  stranger("DELETE", "/channels/" + mail.id.text());
  CHECK(send({.method = "POST", .target = "/users/" + boss.id.text() + "/exposed", .cookie = admin_cookie}).status ==
        204);
  const auto path = "/incidents/" + id_of(get("/incidents").at("items").at(0)) + "/acts";
  const auto undo = [&](std::string_view action) {
    for (const auto& one : get(path).at("items").as_array()) {  // the newest first
      if (one.at("action").as_string() != action) continue;
      CHECK(one.at("undoable").as_bool());
      const auto target = path + "/" + std::to_string(one.at("seq").as_int64()) + "/undo";
      const auto answer = send({.method = "POST", .target = target, .cookie = admin_cookie});
      return answer.status == 200 ? std::string("undone") : std::string(body_of(answer).at("code").as_string());
    }
    return std::string("not listed");
  };
  const auto rule_named = [&](std::string_view name) {
    for (const auto& one : get("/content-rules").at("items").as_array())
      if (one.at("name").as_string() == name) return one;
    return json::value();
  };
  for (const auto* action : {"content_rule.change", "content_rule.delete", "content_rule.create", "role.change",
                             "role.create", "channel.disable", "channel.update"}) {
    CAPTURE(action);
    CHECK(undo(action) == "undone");
    CHECK(undo(action) == "changed_since");  // it stands as before: there is nothing more to undo
  }
  CHECK(rule_named("Kept").at("action") == "hold");
  CHECK(rule_named("Gone").at("action") == "refuse");
  CHECK(rule_named("Made").at("active") == false);
  const auto roles = get("/roles").at("items").as_array();
  REQUIRE(roles.size() == 1);
  CHECK(roles.at(0).at("permissions").as_array().size() == 1);
  const auto channel = channels.find(mail.id);
  CHECK(channel->state == intake::ChannelState::active);
  CHECK(channel->name == mail.name);
}

TEST_CASE_FIXTURE(Desk, "an administrator reports for somebody, an agent cannot") {
  const auto target = "/users/" + zoe.id.text() + "/exposed";
  CHECK(send({.method = "POST", .target = "/users/" + admin.id.text() + "/exposed", .cookie = zoe_cookie}).status ==
        403);
  CHECK(send({.method = "POST", .target = target, .cookie = admin_cookie}).status == 204);
  CHECK(get("/session").status == 401);
}

TEST_CASE("who is not signed in reports by a link from a mail, which chooses no password") {
  ApiFixture desk(ApiConfig{.account_link_key = "link key"});
  const auto zoe = desk.add("zoe@acme.example", access::Role::agent);
  const auto cookie = desk.sign_in(zoe);
  const auto open = [&](std::string target, std::string body) {
    return desk.send({.method = "POST", .target = std::move(target), .body = std::move(body)});
  };
  CHECK(open("/account/exposed", R"({"email":"zoe@acme.example"})").status == 204);
  CHECK(open("/account/exposed", R"({"email":"nobody@acme.example"})").status == 204);
  const auto mails =
      must(desk.database->write([](store::Transaction& tx) { return access::claim_account_mails(tx, 1'000, 10); }));
  REQUIRE(mails.size() == 1);
  const auto token = access::link_token("link key", mails[0].link);
  CHECK(open("/account/password", R"({"token":")" + token + R"(","password":"quiet lamp over stone"})").status == 404);
  CHECK(desk.send({.target = "/session", .cookie = cookie}).status == 200);
  CHECK(open("/account/exposed/confirm", R"({"token":")" + token + "\"}").status == 204);
  CHECK(desk.send({.target = "/session", .cookie = cookie}).status == 401);
  CHECK(open("/account/exposed/confirm", R"({"token":")" + token + "\"}").status == 404);
}

// A line that only remembers how it was closed.
struct Line : net::WebSocket {
  std::promise<std::uint16_t> closed;
  std::atomic<bool> is_closed = false;
  std::string address = "::1";
  void send(std::shared_ptr<const std::string>) override {}
  void close(std::uint16_t code, std::string_view) override {
    if (!is_closed.exchange(true)) closed.set_value(code);
  }
  const std::string& peer_address() const override { return address; }
  bool is_open() const override { return true; }
};

TEST_CASE_FIXTURE(Desk, "a live screen closes within a second when its session was ended by another node") {
  const auto line = std::make_shared<Line>();
  const auto member = std::make_shared<LiveMember>();
  member->actor = access::AccessFixture::actor_of(zoe);
  member->credential = zoe_cookie;
  member->socket = line;
  auto closed = line->closed.get_future();
  REQUIRE(api.context().live->join(member, {}));
  // As another node does it: nobody here is told.
  must(database->write(
      [&](store::Transaction& tx) { return access::end_sessions(tx, workspace.id, zoe.id, std::nullopt); }));
  // On a busy machine a look is late; 20 s is for that, the bound is look_for_ended_every_ms.
  CHECK(closed.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  CHECK(closed.get() == LiveHub::session_ended);
  api.context().live->leave(member);
}

}  // namespace
}  // namespace answerable::http
