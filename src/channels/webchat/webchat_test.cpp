// The web chat as a visitor's browser meets it: real sockets, real database.
#include "channels/webchat/chat_test.h"

namespace answerable::channels::webchat {
namespace {

TEST_CASE(
    "a visitor's message is accepted after it is stored, and is a message in a conversation of the visitor's own") {
  Fixture test;
  auto session = test.visitor();
  auto tab = test.open_tab(session.token);
  CHECK(tab.browser->next().at("type") == "welcome");
  tab.say(R"({"type":"message","client_id":"c-1","text":"hello"})");
  auto accepted = tab.browser->next();
  CHECK(accepted.at("type") == "accepted");
  CHECK(accepted.at("seq") == 1);
  tab.say(R"({"type":"message","client_id":"c-2","text":"anybody?"})");
  CHECK(tab.browser->next().at("seq") == 2);
  CHECK(test.messages() == 2);
  CHECK(test.count("select count(*) from conversations") == 1);
}

TEST_CASE("a message sent again on a bad line has the same number and is there once") {
  Fixture test;
  auto session = test.visitor();
  for (int i = 0; i < 3; ++i) {
    auto tab = test.open_tab(session.token);
    CHECK(tab.browser->next().at("type") == "welcome");
    tab.say(R"({"type":"message","client_id":"c-1","text":"hello"})");
    CHECK(tab.browser->next().at("seq") == 1);
    tab.handler->on_close();
  }
  CHECK(test.messages() == 1);
}

TEST_CASE("a reply is in the transcript once and in every open window") {
  Fixture test;
  auto session = test.visitor();
  auto first = test.open_tab(session.token);
  auto second = test.open_tab(session.token);
  CHECK(first.browser->next().at("type") == "welcome");
  CHECK(second.browser->next().at("type") == "welcome");
  ChatCarrier carrier(test.service);
  auto delivery = test.reply_to(session.session, "We are here.");
  for (int i = 0; i < 2; ++i) CHECK(carrier.send(delivery).outcome == outbox::Outcome::sent);
  for (auto* tab : {&first, &second}) {
    auto pushed = tab->browser->next();
    CHECK(pushed.at("type") == "message");
    CHECK(pushed.at("direction") == "out");
    CHECK(pushed.at("text") == "We are here.");
    CHECK(pushed.at("author") == "Anna");
  }
  auto later = test.open_tab(session.token);
  auto welcome = later.browser->next();
  CHECK(welcome.at("messages").as_array().size() == 1);
  CHECK(test.open_tab(session.token, 1).browser->next().at("messages").as_array().empty());
}

TEST_CASE("what is taken down is gone from the visitor's windows, files and later welcomes, and comes back") {
  Fixture test;
  auto session = test.visitor();
  auto tab = test.open_tab(session.token);
  CHECK(tab.browser->next().at("type") == "welcome");
  auto file = test.service.upload(session.session, {"a.txt", "text/plain", "secret"}, "192.0.2.7").value();
  tab.say(R"({"type":"message","client_id":"c-1","text":"a secret","attachments":[")" + file.id.text() + R"("]})");
  CHECK(tab.browser->next().at("type") == "accepted");
  CHECK(test.messages() == 1);
  ChatCarrier carrier(test.service);
  auto delivery = test.reply_to(session.session, "An answer");
  CHECK(carrier.send(delivery).outcome == outbox::Outcome::sent);
  CHECK(tab.browser->next().at("text") == "An answer");
  const auto written = **test.database->query([](store::Session& reader) {
    return reader.find("select id from messages", {}, [](const auto& row) { return row.template id<MessageId>(0); });
  });
  const auto key = test.service.file_url(test.channel.id, file.id);
  const auto has_file = [&] {
    return test.service.find_file_by_key(test.channel, file.id, key.substr(key.find("key=") + 4)).has_value();
  };
  CHECK(has_file());
  std::int64_t seq = 1;
  for (const auto& message : {written, delivery.message.message}) {
    test.mark_taken_down(message);
    test.fanout->signal({test.workspace, "taken_down", {}, message.text()});
    auto hidden = tab.browser->next();
    CHECK(hidden.at("type") == "removed");
    CHECK(hidden.at("seq") == seq++);
  }
  CHECK_FALSE(has_file());
  auto welcome = test.open_tab(session.token).browser->next();
  CHECK(welcome.at("removed").as_array().size() == 2);
  const auto text = json::serialize(welcome);
  for (const auto* gone : {"a secret", "An answer", "a.txt"}) CHECK(text.find(gone) == std::string::npos);
  // A widget that has all lines already learns it too.
  CHECK(test.open_tab(session.token, 2).browser->next().at("removed").as_array().size() == 2);
  test.mark_put_back(written);
  test.fanout->signal({test.workspace, "put_back", {}, written.text()});
  auto back = tab.browser->next();
  CHECK(back.at("text") == "a secret");
  CHECK(back.at("attachments").as_array().size() == 1);
  CHECK(has_file());
  CHECK(test.open_tab(session.token).browser->next().at("removed").as_array().size() == 1);
}

TEST_CASE("the visitor's other windows see what he wrote, and only his") {
  Fixture test;
  auto session = test.visitor();
  auto other = test.visitor();
  auto first = test.open_tab(session.token);
  auto second = test.open_tab(session.token);
  auto stranger = test.open_tab(other.token);
  for (auto* tab : {&first, &second, &stranger}) CHECK(tab->browser->next().at("type") == "welcome");
  first.say(R"({"type":"message","client_id":"c-1","text":"private"})");
  CHECK(second.browser->next().at("client_id") == "c-1");
  CHECK(first.browser->next().at("type") == "accepted");
  stranger.say(R"({"type":"message","client_id":"c-1","text":"mine"})");
  CHECK(stranger.browser->next().at("type") == "accepted");
  CHECK(test.service.load(other.session, 0)->messages.size() == 1);
  CHECK(test.service.load(other.session, 0)->messages[0].text == "mine");
}

TEST_CASE("a socket without a valid token is closed with 4401") {
  Fixture test;
  auto wrong = test.open_tab("wrong");
  CHECK(wrong.browser->close_code() == close_code::session_ended);
  auto session = test.visitor();
  test.clock.advance_ms(token_ms);
  auto expired = test.open_tab(session.token);
  CHECK(expired.browser->close_code() == close_code::session_ended);
}

TEST_CASE("the agent's typing reaches the visitor and the visitor's reaches the agent") {
  Fixture test;
  auto session = test.visitor();
  auto tab = test.open_tab(session.token);
  CHECK(tab.browser->next().at("type") == "welcome");
  tab.say(R"({"type":"message","client_id":"c-1","text":"hello"})");
  CHECK(tab.browser->next().at("type") == "accepted");
  REQUIRE(test.messages() == 1);
  auto conversation = **test.database->query([](store::Session& reader) {
    return reader.find("select id from conversations", {},
                       [](const auto& row) { return row.template id<ConversationId>(0); });
  });
  std::promise<cluster::Signal> heard;
  auto subscription = test.fanout->on_signal([&](const cluster::Signal& signal) {
    if (signal.kind == "contact_typing") heard.set_value(signal);
  });
  test.fanout->signal({test.workspace, "agent_typing", conversation, "Anna"});
  auto typing = tab.browser->next();
  CHECK(typing.at("type") == "typing");
  CHECK(typing.at("author") == "Anna");
  tab.say(R"({"type":"typing"})");
  CHECK(heard.get_future().get().conversation == conversation);
}

TEST_CASE("what the company has read the visitor learns at once, and after a reload") {
  Fixture test;
  auto session = test.visitor();
  auto tab = test.open_tab(session.token);
  CHECK(tab.browser->next().at("team_seen") == 0);
  for (auto id : {"c-1", "c-2"}) {
    tab.say(R"({"type":"message","client_id":")" + std::string(id) + R"(","text":"hello"})");
    CHECK(tab.browser->next().at("type") == "accepted");
  }
  REQUIRE(test.messages() == 2);
  auto conversation = **test.database->query([](store::Session& reader) {
    return reader.find("select id from conversations", {},
                       [](const auto& row) { return row.template id<ConversationId>(0); });
  });
  auto set_unread = [&](bool is_unread) {
    auto written = test.database->write(
        [&](store::Transaction& tx) { return tx.execute("update conversations set unread = $1", {is_unread}); });
    CHECK(written);
  };
  test.fanout->signal({test.workspace, "agent_read", conversation, ""});  // it is unread: nothing happens
  set_unread(false);
  // A line that has not become a message yet has been read by nobody.
  auto waiting = test.database->write([&](store::Transaction& tx) {
    return append_visitor_message(tx, session.session, MessageFrame{"c-3", "and this", {}});
  });
  CHECK(waiting->seq == 3);
  test.fanout->signal({test.workspace, "agent_read", conversation, ""});
  auto seen = tab.browser->next();
  CHECK(seen.at("type") == "seen");
  CHECK(seen.at("by") == "team");
  CHECK(seen.at("seq") == 2);
  CHECK(test.open_tab(session.token).browser->next().at("team_seen") == 2);
  auto listed = test.http("GET " + test.base() +
                          "/messages HTTP/1.1\r\nOrigin: https://shop.example\r\nAuthorization: "
                          "Bearer " +
                          session.token + "\r\n");
  CHECK(listed.find(R"("team_seen":2)") != std::string::npos);
}

TEST_CASE(
    "an identity resumes the person's transcript on another device, and an anonymous visitor becomes the person") {
  Fixture test;
  auto sign = [&](std::string_view subject) {
    auto text = to_base64url(R"({"alg":"HS256"})") + "." +
                to_base64url(R"({"sub":")" + std::string(subject) + R"(","exp":)" +
                             std::to_string(test.clock.now().ms / 1'000 + 600) + "}");
    auto mac = hmac_sha256(test.key, text);
    return text + "." + to_base64url(as_bytes(mac));
  };
  auto anonymous = test.visitor();
  // Of whoever left that token in a browser that others use.
  auto watching = test.open_tab(anonymous.token);
  CHECK(watching.browser->next().at("type") == "welcome");
  auto person = test.service.open_session(test.channel, anonymous.token, sign("zoe"), "192.0.2.7");
  REQUIRE(person);
  CHECK(watching.browser->close_code() == net::close_code::try_again_later);
  CHECK(person->session.visitor() == anonymous.session.visitor());
  CHECK(person->token != anonymous.token);
  CHECK_FALSE(test.service.find_session(test.channel, anonymous.token));
  auto elsewhere = test.service.open_session(test.channel, "", sign("zoe"), "192.0.2.8");
  CHECK(elsewhere->session.visitor() == anonymous.session.visitor());
  auto somebody_else = test.service.open_session(test.channel, person->token, sign("yan"), "192.0.2.8");
  CHECK(somebody_else->session.visitor() != anonymous.session.visitor());
}

TEST_CASE("a channel for known visitors lets nobody else in") {
  Fixture test(R"({"require_identity":true})");
  auto refused = test.service.open_session(test.channel, "", "", "192.0.2.7");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "identity_required");
  CHECK(test.count("select count(*) from webchat_visitors") == 0);
}

TEST_CASE("the HTTP way: session, message, transcript, upload and download, with CORS for allowed origins only") {
  Fixture test;
  const std::string origin = "Origin: https://shop.example\r\n";
  auto answer = test.http("POST " + test.base() + "/sessions HTTP/1.1\r\n" + origin, "{}");
  CHECK(answer.starts_with("HTTP/1.1 201"));
  CHECK(answer.find("Access-Control-Allow-Origin: https://shop.example\r\n") != std::string::npos);
  auto token = std::string(json::parse(answer.substr(answer.find("\r\n\r\n") + 4)).at("token").as_string());
  auto bearer = "Authorization: Bearer " + token + "\r\n" + origin;
  auto uploaded = test.http(
      "POST " + test.base() + "/uploads?filename=..%2Fa%22b%E2%80%8B.html&content_type=text/html HTTP/1.1\r\n" + bearer,
      "<script>");
  REQUIRE(uploaded.starts_with("HTTP/1.1 201"));
  auto file = json::parse(uploaded.substr(uploaded.find("\r\n\r\n") + 4));
  auto id = std::string(file.at("id").as_string());
  auto sent = test.http("POST " + test.base() + "/messages HTTP/1.1\r\n" + bearer,
                        R"({"client_id":"c-1","text":"see","attachments":[")" + id + "\"]}");
  CHECK(sent.starts_with("HTTP/1.1 201"));
  auto list = test.http("GET " + test.base() + "/messages?after=0 HTTP/1.1\r\n" + bearer);
  CHECK(list.find(id) != std::string::npos);
  auto url = std::string(file.at("url").as_string()).substr(std::string("https://desk.example").size());
  auto download = test.http("GET " + url + " HTTP/1.1\r\n");
  CHECK(download.starts_with("HTTP/1.1 200"));
  CHECK(download.find("Content-Disposition: attachment; filename*=UTF-8''a%22b.html") != std::string::npos);
  CHECK(download.find("application/octet-stream") != std::string::npos);
  CHECK(test.http("GET " + url.substr(0, url.size() - 1) + " HTTP/1.1\r\n").starts_with("HTTP/1.1 404"));
  auto foreign = test.http("GET " + test.base() + "/messages HTTP/1.1\r\nAuthorization: Bearer " + token +
                           "\r\nOrigin: https://evil.example\r\n");
  CHECK(foreign.starts_with("HTTP/1.1 403"));
  CHECK(foreign.find("Access-Control-Allow-Origin") == std::string::npos);
  CHECK(test.http("GET " + test.base() + "/messages HTTP/1.1\r\nAuthorization: Bearer nope\r\n")
            .starts_with("HTTP/1.1 401"));
  CHECK(test.http("OPTIONS " + test.base() + "/messages HTTP/1.1\r\n" + origin).find("Access-Control-Allow-Headers") !=
        std::string::npos);
  CHECK(test.messages() == 1);
  CHECK(test.count("select count(*) from attachments") == 1);
}

TEST_CASE("a message may not name another visitor's file") {
  Fixture test;
  auto one = test.visitor();
  auto two = test.visitor();
  auto file = test.service.upload(one.session, {"a.txt", "text/plain", "secret"}, "192.0.2.7");
  REQUIRE(file);
  std::promise<std::string> answered;
  test.service.receive(two.session, {"c-1", "x", {file->id}}, nullptr, "192.0.2.7", [&](Result<Numbered> numbered) {
    answered.set_value(numbered ? "stored" : numbered.error().code);
  });
  CHECK(answered.get_future().get() == "file_unknown");
}

}  // namespace
}  // namespace answerable::channels::webchat
