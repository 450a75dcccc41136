// What a visitor may not do too often or too much of.
#include <atomic>

#include "channels/webchat/chat_test.h"

namespace answerable::channels::webchat {
namespace {

TEST_CASE("a visitor may have ten windows, not eleven") {
  Fixture test;
  auto session = test.visitor();
  std::vector<Fixture::Tab> tabs;
  for (std::size_t i = 0; i < sockets_per_visitor_max; ++i) {
    tabs.push_back(test.open_tab(session.token));
    CHECK(tabs.back().browser->next().at("type") == "welcome");
  }
  auto one_more = test.open_tab(session.token);
  CHECK(one_more.browser->close_code() == net::close_code::try_again_later);
  tabs.front().handler->on_close();
  CHECK(test.open_tab(session.token).browser->next().at("type") == "welcome");
}

TEST_CASE("more messages at once than the rate allows are put off, not lost") {
  Fixture test;
  auto session = test.visitor();
  auto tab = test.open_tab(session.token);
  CHECK(tab.browser->next().at("type") == "welcome");
  const int burst = static_cast<int>(messages_rate.quota);
  for (int i = 0; i <= burst; ++i) {
    tab.say(R"({"type":"message","client_id":"c-)" + std::to_string(i) + R"(","text":"x"})");
    auto answer = tab.browser->next();
    CHECK(answer.at("type") == (i < burst ? "accepted" : "refused"));
    if (i == burst) CHECK(answer.at("code") == "limited");
  }
}

TEST_CASE("an address uploads so many files in a while, whoever the visitors are") {
  Fixture test;
  const auto upload = [&](const VisitorSession& visitor, std::string_view peer) {
    return test.service.upload(visitor, {"a.txt", "text/plain", "x"}, peer);
  };
  int taken = 0;
  for (auto visitor = test.visitor(); upload(visitor.session, "192.0.2.7");) {
    if (++taken % uploads_rate.quota == 0) visitor = test.visitor();
  }
  CHECK(taken == address_uploads_rate.quota);
  CHECK(upload(test.visitor().session, "192.0.2.7").error().code == "rate_limited");
  CHECK(upload(test.visitor().session, "192.0.2.8").has_value());
}

TEST_CASE("a file is not taken when the disk has no room for mail any more") {
  Fixture test;
  test.disk_has_room = false;
  const auto refused = test.service.upload(test.visitor().session, {"a.txt", "text/plain", "x"}, "192.0.2.7");
  CHECK(refused.error().code == "storage_low");
}

TEST_CASE("a socket that floods is closed, and typing is told at most every two seconds") {
  Fixture test;
  auto session = test.visitor();
  auto tab = test.open_tab(session.token);
  CHECK(tab.browser->next().at("type") == "welcome");
  tab.say(R"({"type":"message","client_id":"c-1","text":"hello"})");
  CHECK(tab.browser->next().at("type") == "accepted");
  REQUIRE(test.messages() == 1);
  std::atomic<int> heard = 0;
  auto subscription = test.fanout->on_signal([&](const cluster::Signal& signal) {
    if (signal.kind == "contact_typing") ++heard;
  });
  auto type_twice = [&] {
    tab.say(R"({"type":"typing"})");
    tab.say(R"({"type":"typing"})");
    tab.say(R"({"type":"hello","token":"","after":0})");  // answered after what was said before it
    CHECK(tab.browser->next().at("type") == "welcome");
  };
  type_twice();
  CHECK(heard == 1);
  test.clock.advance_ms(typing_rate.window_ms);
  type_twice();
  CHECK(heard == 2);
  for (int i = 0; i < static_cast<int>(frames_rate.quota); ++i) tab.say(R"({"type":"seen","seq":1})");
  CHECK(tab.browser->close_code() == net::close_code::policy_violation);
}

TEST_CASE("a welcome holds the newest lines that fit, not megabytes") {
  Fixture test;
  auto session = test.visitor();
  auto tab = test.open_tab(session.token);
  CHECK(tab.browser->next().at("type") == "welcome");
  const std::string text(text_bytes_max, 'x');
  for (int i = 0; i < 10; ++i) {
    tab.say(R"({"type":"message","client_id":"c-)" + std::to_string(i) + R"(","text":")" + text + "\"}");
    CHECK(tab.browser->next().at("type") == "accepted");
  }
  auto again = test.open_tab(session.token).browser->next();
  CHECK(again.at("messages").as_array().size() == welcome_bytes_max / text_bytes_max + 1);
  CHECK(again.at("messages").as_array().back().at("seq") == 10);
}

TEST_CASE("a workspace has so many open sockets, said hello or not; one more is told to come back") {
  Fixture test;
  auto session = test.visitor();
  std::vector<std::unique_ptr<Seats::Seat>> others;
  for (std::size_t i = 0; i + 1 < sockets_per_workspace_max; ++i)
    others.push_back(test.service.seats().take(test.workspace));
  auto last = test.open_tab(session.token);
  CHECK(last.browser->next().at("type") == "welcome");
  auto one_more = test.open_tab(session.token);
  CHECK(one_more.browser->close_code() == net::close_code::try_again_later);
  CHECK(test.service.seats().take(WorkspaceId::make(test.clock)));
  one_more.handler->on_close();
  CHECK_FALSE(test.service.seats().take(test.workspace));  // who was refused had no seat to give back
  last.handler->on_close();
  CHECK(test.open_tab(session.token).browser->next().at("type") == "welcome");
}

}  // namespace
}  // namespace answerable::channels::webchat
