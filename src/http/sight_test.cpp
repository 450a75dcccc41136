// Roles that show only a part: what is assigned to the person, nothing of customers' addresses. Every operation of the
// description is tried, and what a live screen and the event log tell.
#include "http/sight.h"

#include <doctest/doctest.h>

#include <mutex>

#include "conversations/search.h"
#include "http/composed_test.h"
#include "http/live_hub.h"
#include "routing/assign.h"

namespace answerable::http {
namespace {

constexpr std::string_view customer = "kim@customer.example";

struct Narrow : OpenDesk {
  access::User person(bool only_assigned, bool hides_personal) {
    return add_with_role(*this, {.name = only_assigned ? "confined" : "blind",
                                 .permissions = all_permissions(),
                                 .sees_only_assigned = only_assigned,
                                 .hides_personal = hides_personal});
  }
  void assign(ConversationId id, UserId to) {
    must(database->write(
        [&](store::Transaction& tx) { return routing::assign(tx, access::system_actor(workspace.id), id, to); }));
  }
  void index() {
    conversations::SearchIndexer indexer;
    auto options = indexer.options();
    const auto events = must(database->query(
        [&](store::Session& session) { return cluster::events_after(session, workspace.id, 0, 1'000); }));
    must(database->read(
        [&](store::Session& session) -> Status { return options.prepare(session, workspace.id, events); }));
    must(database->write([&](store::Transaction& tx) -> Status { return options.handle(tx, workspace.id, events); }));
  }
};

std::string target_of(const Operation& one, const std::map<std::string, std::string>& things) {
  auto target = one.path;
  if (const auto at = target.find("{number}"); at != std::string::npos) target.replace(at, 8, "0");
  const auto at = target.find("{id}");
  if (at == std::string::npos) return target;
  const auto thing = things.find(target.substr(0, at + 4));
  return target.replace(at, 4, thing == things.end() ? std::string(36, '0') : thing->second);
}

bool is_of_customers(const std::string& path) {
  for (const auto* thing : {"/conversations/{id}", "/messages/{id}", "/attachments/{id}", "/contacts/{id}"}) {
    if (path.starts_with(thing)) return true;
  }
  return false;
}

TEST_CASE_FIXTURE(Narrow, "who sees only what is assigned finds nothing else, by any operation that names a thing") {
  const auto things = things_of(*this);
  const auto cookie = sign_in(person(true, false));
  const auto before = get("/conversations/" + things.at("/conversations/{id}")).body;
  int tried = 0;
  for (const auto& one : operations()) {
    if (!is_of_customers(one.path)) continue;
    CAPTURE(one.name());
    const auto answer = send(
        {.method = one.method, .target = target_of(one, things), .body = right_body(one.name()), .cookie = cookie});
    CHECK((answer.status == 404 || answer.status == 403));
    CHECK(!answer.content().contains(customer));
    ++tried;
  }
  CHECK(tried > 20);
  CHECK(get("/conversations/" + things.at("/conversations/{id}")).body == before);
}

TEST_CASE_FIXTURE(Narrow,
                  "what is not assigned is in no list, no count, no search and no event; what is, in all of them") {
  const auto arrived = receive(customer, "A secret about ferrets");
  must(database->write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(tx.execute("insert into conversation_tags (workspace_id, conversation_id, tag) values ($1, $2, 'rare')",
                          {workspace.id, arrived.conversation}));
    return {};
  }));
  index();
  const auto who = person(true, false);
  const auto cookie = sign_in(who);
  const auto as_confined = [&](std::string target) { return send({.target = std::move(target), .cookie = cookie}); };
  const std::vector<std::string> lists{"/conversations",
                                       "/conversations?view=unassigned",
                                       "/contacts",
                                       "/conversations?assignee=none",
                                       "/search?q=ferrets",
                                       "/tags",
                                       "/conversations?tag=rare",
                                       "/contacts?q=customer"};
  const auto check_nothing = [&] {
    for (const auto& list : lists) {
      CAPTURE(list);
      const auto answer = as_confined(list);
      CHECK(body_of(answer).at("total") == 0);
      CHECK(body_of(answer).at("items").as_array().empty());
    }
    const auto counts = body_of(as_confined("/conversations/counts"));
    for (const auto& count : counts) CHECK(count.value() == 0);
    const auto events = as_confined("/events?wait=0");
    for (const auto* word : {"ferrets", "customer.example", "message_added"}) CHECK(!events.content().contains(word));
    CHECK(!events.content().contains("\"conversation_id\":\"" + arrived.conversation.text() + "\",\"message_id\":\""));
  };
  check_nothing();
  assign(arrived.conversation, who.id);
  for (const auto* list : {"/conversations", "/contacts", "/search?q=ferrets", "/tags", "/contacts?q=customer"}) {
    CAPTURE(list);
    CHECK(body_of(as_confined(list)).at("total") == 1);
  }
  CHECK(body_of(as_confined("/conversations/counts")).at("mine") == 1);
  CHECK(as_confined("/events?wait=0").content().contains("ferrets"));
  CHECK(as_confined("/conversations/" + arrived.conversation.text()).status == 200);
  assign(arrived.conversation, zoe.id);
  check_nothing();
  const auto events = body_of(as_confined("/events?wait=0")).at("events").as_array();
  const auto ended =
      std::ranges::find_if(events, [](const json::value& e) { return e.at("kind") == "assignment_ended"; });
  REQUIRE(ended != events.end());
  CHECK(ended->at("conversation_id").as_string() == arrived.conversation.text());
  CHECK(ended->at("conversation").is_null());
  std::int64_t seq = 0;
  for (const auto& event : events) CHECK(event.at("seq").as_int64() == ++seq);
}

// Keeps what was sent to it.
struct Listening : net::WebSocket {
  void send(std::shared_ptr<const std::string> text) override {
    const std::scoped_lock lock(mutex);
    heard += *text;
    news.notify_all();
  }
  void close(std::uint16_t, std::string_view) override {}
  const std::string& peer_address() const override { return address; }
  bool is_open() const override { return true; }
  bool hears(std::string_view word) {
    std::unique_lock lock(mutex);
    return news.wait_for(lock, std::chrono::seconds(20), [&] { return heard.contains(word); });
  }
  std::string all() {
    const std::scoped_lock lock(mutex);
    return heard;
  }
  std::mutex mutex;
  std::condition_variable news;
  std::string heard, address = "::1";
};

struct Screen {
  Screen(Api& api, std::string cookie) : hub(api.context().live) {
    member->actor = must(api.authenticator().by_session(cookie));
    member->credential = std::move(cookie);
    member->socket = line;
    REQUIRE(hub->join(member, std::nullopt));
    hub->hello(member, -1);
    REQUIRE(line->hears("welcome"));
  }
  ~Screen() { hub->leave(member); }
  std::shared_ptr<LiveHub> hub;
  std::shared_ptr<LiveMember> member = std::make_shared<LiveMember>();
  std::shared_ptr<Listening> line = std::make_shared<Listening>();
};

TEST_CASE_FIXTURE(Narrow, "a live screen hears of what is assigned only, who looks at it included, and no address") {
  const auto confined = person(true, false);
  const auto blind = person(false, true);
  const auto others = receive("lee@customer.example", "About otters").conversation;
  const auto own = receive(customer, "About ferrets").conversation;
  assign(own, confined.id);
  Screen of_confined(api, sign_in(confined));
  Screen of_blind(api, sign_in(blind));
  const auto zoes = access::AccessFixture::actor_of(zoe);
  auto& hub = *api.context().live;
  receive("lee@customer.example", "More of otters", others);
  hub.note_presence(zoes, others, "viewing");
  receive(customer, "More of ferrets", own);
  hub.note_presence(zoes, own, "viewing");
  fanout->wake(workspace.id);
  for (auto* screen : {&of_confined, &of_blind}) {
    CHECK(screen->line->hears("More of ferrets"));
    CHECK(screen->line->hears("\"type\":\"presence\",\"conversation\":\"" + own.text()));
  }
  CHECK(of_blind.line->hears("More of otters"));
  const auto heard = of_confined.line->all();
  CHECK(!heard.contains("otters"));
  CHECK(!heard.contains(others.text()));
  CHECK(!of_blind.line->all().contains("customer.example"));
}

TEST_CASE_FIXTURE(Narrow, "addresses and notes are in no answer to whom they are hidden from, and found by no search") {
  const auto things = things_of(*this);
  const auto cookie = sign_in(person(false, true));
  const auto contact = "/contacts/" + things.at("/contacts/{id}");
  send({.method = "PATCH", .target = contact, .body = R"({"note":"Lives in Oslo"})", .cookie = admin_cookie});
  // What explains an entry of the ledger may speak of a customer.
  must(database->write([&](store::Transaction& tx) {
    return audit::append_entry_with(tx,
                                    {.workspace = workspace.id,
                                     .actor = {"system", "", ""},
                                     .action = "quarantine.release",
                                     .object_kind = "arrival",
                                     .object_id = SpoolId::make(clock).text()},
                                    {.detail = "why_commitment", .subject = "arrival", .text = "Kim lives in Oslo"});
  }));
  index();
  CHECK(get("/conversations").content().contains(customer));
  CHECK(send({.target = "/ledger", .cookie = admin_cookie}).content().contains("Kim lives in Oslo"));
  int tried = 0;
  for (const auto& one : operations()) {
    CAPTURE(one.name());
    const bool has_query = one.path == "/search";
    if (one.path == "/session" || one.path == "/sessions" || one.path.starts_with("/me")) continue;  // end the session
    const auto answer = send({.method = one.method,
                              .target = target_of(one, things) + (has_query               ? "?q=Hello"
                                                                  : one.path == "/events" ? "?wait=0"
                                                                                          : ""),
                              .body = right_body(one.name()),
                              .cookie = cookie});
    CHECK(!answer.content().contains(customer));
    CHECK(!answer.content().contains("Oslo"));
    tried += answer.status == 200 ? 1 : 0;
  }
  CHECK(tried > 15);
  const auto found = [&](std::string target) {
    return body_of(send({.target = std::move(target), .cookie = cookie})).at("total").as_int64();
  };
  CHECK(found("/search?q=Hello") > 0);
  for (const std::string target :
       {"/search?q=kim", "/search?q=example", "/search?q=hello%20kim", "/contacts?q=example"}) {
    CAPTURE(target);
    CHECK(found(target) == 0);
  }
  CHECK(send({.method = "PATCH", .target = contact, .body = R"({"note":"x"})", .cookie = cookie}).status == 403);
}

TEST_CASE_FIXTURE(Narrow, "a key with a composed role does what the role names, and is not told what it hides") {
  const auto things = things_of(*this);
  const auto role = must(database->write([&](store::Transaction& tx) {
    return access::create_role(tx, access::system_actor(workspace.id),
                               {.name = "Counter",
                                .permissions = {"conversation:list", "conversation:read"},
                                .sees_only_assigned = false,
                                .hides_personal = true});
  }));
  const auto make = [&](const std::string& role_id) {
    return send({.method = "POST",
                 .target = "/api-keys",
                 .body = R"({"name":"Robot","scopes":["read","write"],"role_id":")" + role_id + "\"}",
                 .cookie = admin_cookie});
  };
  CHECK(make("no id").status == 422);
  CHECK(make(std::string(36, '0')).status == 422);
  const auto made = body_of(make(role.id.text()));
  const auto role_id = role.id.text();
  CHECK(std::string_view(made.at("api_key").at("role_id").as_string()) == role_id);
  const std::string bearer(made.at("secret").as_string());
  const auto list = send({.target = "/conversations", .bearer = bearer});
  CHECK(list.status == 200);
  CHECK(body_of(list).at("total").as_int64() > 0);
  CHECK(!list.content().contains(customer));
  CHECK(send({.target = "/contacts", .bearer = bearer}).status == 403);
  CHECK(send({.method = "PATCH",
              .target = "/conversations/" + things.at("/conversations/{id}"),
              .body = R"({"status":"closed"})",
              .bearer = bearer})
            .status == 403);
}

TEST_CASE("every narrowed route is one of the API") {
  std::vector<std::string> paths{"/live"};
  for (const auto& one : operations()) paths.push_back(one.path);
  for (const auto& route : narrowed_routes()) {
    CAPTURE(route.path);
    CHECK(std::ranges::count(paths, route.path) > 0);
    CHECK(std::ranges::count(narrowed_routes(), route.path, &NarrowedRoute::path) == 1);
  }
}

}  // namespace
}  // namespace answerable::http
