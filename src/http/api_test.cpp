#include "http/api.h"

#include <doctest/doctest.h>

#include <atomic>
#include <boost/json.hpp>
#include <limits>
#include <set>
#include <thread>

#include "base/encoding.h"
#include "http/conversation_json.h"
#include "http/desk_test.h"
#include "policy/suspend.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object body_of(const net::Response& response) { return json::parse(response.content()).as_object(); }
std::string code_of(const net::Response& response) { return std::string(body_of(response).at("code").as_string()); }

TEST_CASE_FIXTURE(Desk, "signing in gives a cookie that is not readable by scripts, and says who I am") {
  const auto in = send({.method = "POST",
                        .target = "/session",
                        .body = R"({"email":"zoe@acme.example","password":"correct horse 7 battery"})"});
  REQUIRE(in.status == 200);
  const std::string cookie(in.headers.find("Set-Cookie").value_or(""));
  CHECK(cookie.starts_with("answerable="));
  CHECK(cookie.find("HttpOnly; SameSite=Lax") != std::string::npos);
  const auto token = cookie.substr(11, cookie.find(';') - 11);
  const auto me = body_of(send({.target = "/session", .cookie = token}));
  CHECK(me.at("user").at("email") == "zoe@acme.example");
  CHECK(me.at("workspace").at("name") == "Acme");
  CHECK(send({.method = "DELETE", .target = "/session", .cookie = token}).status == 204);
  CHECK(send({.target = "/session", .cookie = token}).status == 401);
}

TEST_CASE("on https the cookie is Secure and bound to the host") {
  ApiFixture desk(ApiConfig{.public_url = "https://desk.example"});
  desk.add("zoe@acme.example", access::Role::agent);
  const auto in = desk.send({.method = "POST",
                             .target = "/session",
                             .body = R"({"email":"zoe@acme.example","password":"correct horse 7 battery"})"});
  const std::string cookie(in.headers.find("Set-Cookie").value_or(""));
  CHECK(cookie.starts_with("__Host-answerable="));
  CHECK(cookie.find("; Secure") != std::string::npos);
}

TEST_CASE_FIXTURE(Desk, "who signs in, and who asks again, learns that the workspace may not send and why") {
  const auto suspension = [&] { return body_of(get("/session")).at("workspace").at("suspension"); };
  CHECK(suspension().is_null());
  must(database->write([&](store::Transaction& tx) {
    return policy::suspend(tx, access::system_actor(workspace.id),
                           {.workspace = workspace.id,
                            .scope = policy::Scope::sending,
                            .cause = "open_bill",
                            .reason = "The bill is open.",
                            .until = clock.now() + 3'600'000});
  }));
  CHECK(suspension().at("reason") == "The bill is open.");
  CHECK(suspension().at("cause") == "open_bill");
  CHECK(suspension().at("until").is_string());
  const auto in = send({.method = "POST",
                        .target = "/session",
                        .body = R"({"email":"zoe@acme.example","password":"correct horse 7 battery"})"});
  CHECK(body_of(in).at("workspace").at("suspension") == suspension());
  clock.advance_ms(3'600'000);
  CHECK(suspension().is_null());
}

TEST_CASE_FIXTURE(Desk, "a wrong password is 401 with a problem, and too many are 429 with Retry-After") {
  const Sent wrong{
      .method = "POST", .target = "/session", .body = R"({"email":"zoe@acme.example","password":"wrong"})"};
  CHECK(code_of(send(wrong)) == "invalid_credentials");
  for (int i = 1; i < access::SignInThrottle::per_account; ++i) CHECK(send(wrong).status == 401);
  const auto last = send(wrong);
  CHECK(last.status == 429);
  CHECK(last.headers.find("Retry-After") == "90");
  CHECK(last.headers.find("Content-Type") == "application/problem+json");
}

TEST_CASE_FIXTURE(Desk, "an arriving message is in the list, opens with its text, and is answered") {
  const auto arrived = receive("kim@customer.example", "Where is my order?");
  const auto list = body_of(get("/conversations?view=unassigned"));
  REQUIRE(list.at("total") == 1);
  CHECK(list.at("items").at(0).at("contact").at("address") == "kim@customer.example");
  const auto id = arrived.conversation.text();
  const auto open = get("/conversations/" + id);
  CHECK(open.headers.find("ETag")->starts_with("\""));
  CHECK(body_of(open).at("messages").at(0).at("text") == "Where is my order?");
  const auto reply = post("/conversations/" + id + "/messages", R"({"text":"On its way.","kind":"reply"})");
  REQUIRE(reply.status == 201);
  CHECK(body_of(reply).at("state") == "queued");
  CHECK(body_of(reply).at("undo_until").is_string());
  CHECK(body_of(get("/conversations/" + id)).at("messages").as_array().size() == 2);
}

TEST_CASE_FIXTURE(Desk, "the same Idempotency-Key gives the same answer once, and another body is refused") {
  const auto id = receive("kim@customer.example", "Hello?").conversation.text();
  Sent reply{.method = "POST",
             .target = "/conversations/" + id + "/messages",
             .body = R"({"text":"Yes","kind":"note"})",
             .cookie = zoe_cookie,
             .headers = {{"Idempotency-Key", "k1"}}};
  const auto first = send(reply);
  const auto second = send(reply);
  CHECK(first.status == 201);
  CHECK(second.status == 201);
  CHECK(first.body == second.body);
  CHECK(second.headers.find("Idempotency-Replayed") == "true");
  CHECK(body_of(get("/conversations/" + id)).at("message_count") == 2);
  reply.body = R"({"text":"No","kind":"note"})";
  const auto other = send(reply);
  CHECK(other.status == 422);
  CHECK(code_of(other) == "idempotency_mismatch");
  reply.cookie = admin_cookie;  // keys belong to one person
  CHECK(send(reply).status == 201);
  clock.advance_ms(24LL * 3'600'000);
  reply.cookie = zoe_cookie;
  CHECK(send(reply).status == 201);
  reply.headers = {{"Idempotency-Key", std::string(255, 'k')}};
  CHECK(send(reply).status == 201);
  reply.headers = {{"Idempotency-Key", std::string(256, 'k')}};
  CHECK(code_of(send(reply)) == "bad_header");
}

TEST_CASE_FIXTURE(Desk, "a failed act keeps no answer, so that it can be tried again") {
  const Sent wrong{.method = "POST",
                   .target = "/conversations/" + ConversationId::make(clock).text() + "/messages",
                   .body = R"({"text":"x","kind":"note"})",
                   .cookie = zoe_cookie,
                   .headers = {{"Idempotency-Key", "k"}}};
  CHECK(send(wrong).status == 404);
  CHECK(!send(wrong).headers.find("Idempotency-Replayed"));
}

TEST_CASE_FIXTURE(Desk, "a secret that is shown once is not shown by a repetition") {
  const Sent make{.method = "POST",
                  .target = "/api-keys",
                  .body = R"({"name":"Importer","scopes":["read","write"]})",
                  .cookie = admin_cookie,
                  .headers = {{"Idempotency-Key", "k"}}};
  const auto secret = std::string(body_of(send(make)).at("secret").as_string());
  CHECK(send({.target = "/conversations", .bearer = secret}).status == 200);
  CHECK(body_of(send(make)).at("secret").is_null());
  const auto kept = must(database->query([](store::Session& s) {
    return s.all("select body from idempotency_keys", {}, [](const store::Row& row) { return row.string(0); });
  }));
  for (const auto& one : kept) CHECK(one.find(secret) == std::string::npos);
}

TEST_CASE_FIXTURE(Desk, "If-Match refuses a change of what has changed meanwhile") {
  const auto id = receive("kim@customer.example", "Hello?").conversation.text();
  const std::string etag(get("/conversations/" + id).headers.find("ETag").value_or(""));
  Sent patch{.method = "PATCH",
             .target = "/conversations/" + id,
             .body = R"({"status":"closed"})",
             .cookie = zoe_cookie,
             .headers = {{"If-Match", etag}}};
  CHECK(send(patch).status == 200);
  patch.body = R"({"status":"open"})";
  const auto late = send(patch);
  CHECK(late.status == 412);
  CHECK(code_of(late) == "version_mismatch");
  patch.headers = {{"If-Match", "7"}};
  CHECK(code_of(send(patch)) == "bad_header");
}

TEST_CASE_FIXTURE(Desk, "who takes first has it, and the other learns it") {
  const auto id = receive("kim@customer.example", "Hello?").conversation.text();
  CHECK(body_of(post("/conversations/" + id + "/take", {})).at("assignee").at("name") == "zoe");
  const auto second = send({.method = "POST", .target = "/conversations/" + id + "/take", .cookie = admin_cookie});
  CHECK(second.status == 409);
  CHECK(code_of(second) == "already_assigned");
}

TEST_CASE_FIXTURE(Desk, "pages follow each other without gap or repetition, and state their total") {
  for (int i = 0; i < 7; ++i) receive("kim" + std::to_string(i) + "@customer.example", "Hello?");
  std::set<std::string> seen;
  std::string cursor;
  for (int page = 0; page < 4; ++page) {
    const auto list = body_of(get("/conversations?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor)));
    CHECK(list.at("total") == 7);
    for (const auto& item : list.at("items").as_array())
      CHECK(seen.insert(std::string(item.at("id").as_string())).second);
    if (list.at("next_cursor").is_null()) break;
    cursor = list.at("next_cursor").as_string();
  }
  CHECK(seen.size() == 7);
  CHECK(code_of(get("/conversations?view=mine&cursor=" + cursor)) == "bad_cursor");
}

TEST_CASE_FIXTURE(Desk, "limits and parameters are checked at their bounds") {
  for (const auto* target :
       {"/conversations?limit=0", "/conversations?limit=101", "/conversations?limit=x", "/conversations?limit=-1",
        "/conversations?veiw=mine", "/conversations?view=none", "/conversations?channel=1", "/search?q=", "/search",
        "/events?after=-1", "/events?limit=501", "/events?wait=51"})
    CHECK_MESSAGE(get(target).status == 400, target);
  CHECK(get("/conversations?limit=1").status == 200);
  CHECK(get("/conversations?limit=100").status == 200);
  CHECK(code_of(get("/conversations/not-an-id")) == "bad_id");
  CHECK(get("/conversations/" + ConversationId::make(clock).text()).status == 404);
}

TEST_CASE_FIXTURE(Desk, "a body that is not JSON, too large or misspelt is refused with the reason") {
  const auto target = "/conversations/" + receive("kim@customer.example", "Hello?").conversation.text() + "/messages";
  CHECK(code_of(post(target, "{")) == "bad_json");
  auto typed = Sent{.method = "POST",
                    .target = target,
                    .body = "{}",
                    .cookie = zoe_cookie,
                    .headers = {{"Content-Type", "text/plain"}}};
  CHECK(send(typed).status == 415);
  const auto misspelt = post(target, R"({"txet":"x","kind":"reply"})");
  CHECK(misspelt.status == 422);
  CHECK(json::serialize(body_of(misspelt).at("errors")).find("text") != std::string::npos);
  CHECK(post(target, R"({"kind":"note","text":")" + std::string(1 << 20, 'x') + "\"}").status == 201);
  CHECK(post(target, R"({"kind":"note","text":")" + std::string((1 << 20) + 1, 'x') + "\"}").status == 422);
  CHECK(post(target, std::string((3 << 20) + 1, ' ')).status == 413);
}

TEST_CASE_FIXTURE(Desk, "events after a number make an old screen new") {
  const auto before = body_of(get("/conversations")).at("seq").as_int64();
  const auto arrived = receive("kim@customer.example", "Hello?");
  const auto page = body_of(get("/events?after=" + std::to_string(before) + "&wait=0"));
  REQUIRE(!page.at("events").as_array().empty());
  const auto& last = page.at("events").as_array().back();
  CHECK(page.at("last_seq") == last.at("seq"));
  const auto fresh = body_of(get("/conversations"));
  CHECK(fresh.at("seq") == last.at("seq"));
  CHECK(last.at("conversation") == fresh.at("items").at(0));
  CHECK(arrived.conversation.text() == last.at("conversation_id").as_string());
  CHECK(code_of(get("/events?after=999999&wait=0")) == "resync_needed");
}

TEST_CASE_FIXTURE(Desk, "a long message is cut in events, whole in its conversation, and never fills a batch") {
  const auto before = body_of(get("/events?wait=0")).at("last_seq").as_int64();
  constexpr auto most = event_content_bytes_max / 2;  // the text and the visible reply, which are equal here
  receive("sam@customer.example", std::string(most, 'x'));
  const auto whole = receive("sam@customer.example", std::string(most + 1, 'x'));
  auto events = body_of(get("/events?wait=0&after=" + std::to_string(before))).at("events").as_array();
  std::vector<bool> cut;
  for (const auto& event : events)
    if (event.at("kind") == "message_added") cut.push_back(event.at("message").at("is_cut").as_bool());
  CHECK(cut == std::vector{false, true});
  CHECK(events.back().at("message").at("text").as_string().size() == most / 2);
  const auto opened = body_of(get("/conversations/" + whole.conversation.text()));
  CHECK(opened.at("messages").at(0).at("text").as_string().size() == most + 1);

  const auto at = events.back().at("seq").as_int64();
  for (int i = 0; i < 80; ++i) receive("sam@customer.example", std::string(most, 'x'));
  const auto page = body_of(get("/events?wait=0&after=" + std::to_string(at)));
  CHECK(page.at("behind").as_bool());
  CHECK(page.at("last_seq").as_int64() == page.at("events").as_array().back().at("seq").as_int64());
  const auto rest = body_of(get("/events?wait=0&after=" + std::to_string(page.at("last_seq").as_int64())));
  CHECK_FALSE(rest.at("behind").as_bool());
  CHECK(rest.at("events").at(0).at("seq").as_int64() == page.at("last_seq").as_int64() + 1);
}

TEST_CASE_FIXTURE(Desk, "a long poll is answered by the commit that it waits for") {
  const auto before = body_of(get("/conversations")).at("seq").as_int64();
  auto waiting = std::async(std::launch::async, [&] { return get("/events?after=" + std::to_string(before)); });
  receive("kim@customer.example", "Hello?");
  CHECK(!body_of(waiting.get()).at("events").as_array().empty());
}

TEST_CASE_FIXTURE(Desk, "a file that is uploaded can be fetched by its uploader only until a message takes it") {
  Sent upload{.method = "POST",
              .target = "/uploads?filename=a.html&content_type=text/html",
              .body = "<script>",
              .cookie = zoe_cookie,
              .headers = {{"Content-Type", "application/octet-stream"}}};
  const auto made = send(upload);
  REQUIRE(made.status == 201);
  const auto id = std::string(body_of(made).at("id").as_string());
  const auto mine = get("/attachments/" + id);
  CHECK(mine.status == 200);
  CHECK(mine.content() == "<script>");
  CHECK(mine.headers.find("Content-Type") == "application/octet-stream");
  CHECK(mine.headers.find("Content-Disposition")->starts_with("attachment"));
  CHECK(mine.headers.find("Cache-Control") == "no-store");  // no browser keeps what a customer sent
  CHECK(send({.target = "/attachments/" + id, .cookie = admin_cookie}).status == 404);
  upload.body = std::string(25'000'000, 'x');
  CHECK(send(upload).status == 201);
  upload.body += 'x';
  CHECK(send(upload).status == 413);
}

TEST_CASE_FIXTURE(Desk, "uploads that come while sweeps go on can be fetched") {
  std::atomic<bool> is_over = false;
  auto each = [&](const auto& see) {
    return database->read(
        [&](store::Session& session) { return store::each_blob(session, conversations::blob_columns(), see); });
  };
  std::thread sweeper([&] {
    store::SweptBlobs swept;
    const Time never{std::numeric_limits<std::int64_t>::max()};
    while (!is_over) CHECK(blobs->sweep({.put_before = never, .each_referred = each}, swept));
  });
  for (int i = 0; i < 30; ++i) {
    const auto made = send({.method = "POST",
                            .target = "/uploads?filename=a.txt",
                            .body = std::to_string(i),
                            .cookie = zoe_cookie,
                            .headers = {{"Content-Type", "application/octet-stream"}}});
    CHECK(get("/attachments/" + std::string(body_of(made).at("id").as_string())).content() == std::to_string(i));
  }
  is_over = true;
  sweeper.join();
}

TEST_CASE_FIXTURE(Desk, "an API key with scope read changes nothing, and sessions are not for keys") {
  const auto secret = std::string(body_of(send({.method = "POST",
                                                .target = "/api-keys",
                                                .body = R"({"name":"Reader","scopes":["read"]})",
                                                .cookie = admin_cookie}))
                                      .at("secret")
                                      .as_string());
  CHECK(send({.target = "/conversations", .bearer = secret}).status == 200);
  const auto target = "/conversations/" + receive("kim@customer.example", "Hello?").conversation.text() + "/messages";
  CHECK(
      code_of(send({.method = "POST", .target = target, .body = R"({"text":"x","kind":"note"})", .bearer = secret})) ==
      "read_only_key");
  CHECK(send({.target = "/session", .bearer = secret}).status == 403);
  CHECK(send({.target = "/conversations", .bearer = secret + "x"}).status == 401);
}

TEST_CASE_FIXTURE(Desk, "a channel's password is written, never read") {
  const auto made = send({.method = "POST",
                          .target = "/channels",
                          .body = R"({"kind":"email","name":"M","address":"m@acme.example",)"
                                  R"("config":{"imap":{"host":"h","user":"u","password":"hunter2hunter2"}}})",
                          .cookie = admin_cookie});
  REQUIRE(made.status == 201);
  CHECK(made.body.find("hunter2") == std::string::npos);
  CHECK(send({.target = "/channels", .cookie = admin_cookie}).body.find("hunter2") == std::string::npos);
  const auto seen_by_agent = get("/channels");
  CHECK(seen_by_agent.status == 200);
  CHECK(seen_by_agent.body.find("\"config\"") == std::string::npos);
  const auto bad = send({.method = "POST",
                         .target = "/channels",
                         .body = R"({"kind":"email","name":"M","config":{"imap":{"host":"h","prot":1}}})",
                         .cookie = admin_cookie});
  // Nothing would come in by it, and replies would wait for ever.
  CHECK(send({.method = "POST", .target = "/channels", .body = R"({"kind":"api","name":"M"})", .cookie = admin_cookie})
            .status == 422);
  CHECK(bad.status == 422);
  CHECK(bad.body.find("config.imap.prot") != std::string::npos);
}

TEST_CASE_FIXTURE(Desk, "a stored password goes to the server and account that it was given for, and to no other") {
  const auto server = [](const std::string& change) {
    return R"({"config":{"smtp":{"host":"h","port":25,"security":"tls","user":"u")" + change + "}}}";
  };
  const auto made = send({.method = "POST",
                          .target = "/channels",
                          .body = R"({"kind":"email","name":"M","address":"m@acme.example",)" +
                                  server(R"(,"password":"hunter2")").substr(1),
                          .cookie = admin_cookie});
  REQUIRE(made.status == 201);
  const auto id = std::string(body_of(made).at("id").as_string());
  const auto change = [&](const std::string& body) {
    return send({.method = "PATCH", .target = "/channels/" + id, .body = body, .cookie = admin_cookie});
  };
  const auto password = [&] {
    const auto channel = channels.find(*ChannelId::parse(id));
    return *channels.secret(*channel, "smtp.password");
  };
  CHECK(change(server("")).status == 200);
  CHECK(change(R"({"name":"N"})").status == 200);
  CHECK(password() == "hunter2");
  for (const std::string other :
       {R"("host":"evil","port":25,"security":"tls","user":"u")", R"("host":"h","port":26,"security":"tls","user":"u")",
        R"("host":"h","port":25,"security":"starttls","user":"u")",
        R"("host":"h","port":25,"security":"tls","user":"v")"}) {
    CAPTURE(other);
    const auto refused = change(R"({"config":{"smtp":{)" + other + "}}}");
    CHECK(refused.status == 422);
    CHECK(refused.body.find("config.smtp.password") != std::string::npos);
    CHECK(password() == "hunter2");
  }
  CHECK(change(R"({"config":{"smtp":{"host":"other","user":"u","password":"new"}}})").status == 200);
  CHECK(password() == "new");
  CHECK(change(R"({"config":{}})").status == 200);
  CHECK(password().empty());
}

TEST_CASE_FIXTURE(Desk, "the process says that it is well, and shows its figures to this machine only") {
  CHECK(send({.target = "//healthz"}).status == 200);
  CHECK(send({.target = "//readyz"}).status == 200);
  CHECK(send({.target = "//metrics"}).status == 401);
}

}  // namespace
}  // namespace answerable::http
