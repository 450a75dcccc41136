#include <doctest/doctest.h>

#include "channels/email/imap_peer_test.h"
#include "channels/email/imap_session.h"

namespace answerable::channels {
namespace {

// What a server that offers `capabilities`, and answers ENABLE as it is told, hears of a client that opens "Entwürfe".
struct Heard {
  std::vector<std::string> log;
  bool is_open = false;

  Heard(const std::string& capabilities, const std::string& enabled, bool is_refused = false) {
    ImapPeer peer{1};
    peer.capabilities += capabilities;
    peer.twist = [&](ImapAsk& ask) {
      if (ask.verb != "ENABLE") return;
      ask.before = enabled;
      if (is_refused) ask.done = ask.tag + " NO not now\r\n";
    };
    const MailServer at{.host = "127.0.0.1", .port = peer.port(), .security = MailSecurity::none, .user = "zoe"};
    auto session = ImapSession::connect(at, "secret", {.timeout_ms = 5'000, .reach = Reach::private_networks});
    REQUIRE(session.has_value());
    is_open = (*session)->select("Entwürfe").has_value();
    session->reset();
    std::lock_guard lock(peer.mutex);
    log = peer.log;
  }
  bool has(std::string_view line) const {
    return std::ranges::any_of(log, [&](const std::string& one) { return one.find(line) != std::string::npos; });
  }
};

TEST_CASE("a server that offers UTF-8 is asked for it, and hears the names of folders as people write them") {
  for (const std::string capabilities : {" ENABLE UTF8=ACCEPT", " ENABLE UTF8=ONLY"}) {
    CAPTURE(capabilities);
    const Heard heard(capabilities, "* ENABLED UTF8=ACCEPT\r\n");
    CHECK(heard.is_open);
    CHECK(heard.has("ENABLE UTF8=ACCEPT"));
    CHECK(heard.has("SELECT \"Entwürfe\""));
  }
}

TEST_CASE("without UTF-8, offered or granted, the names of folders are said in seven bits") {
  const Heard silent("", ""), older(" UTF8=ACCEPT", ""), refusing(" ENABLE UTF8=ACCEPT", "", true);
  const Heard forgetful(" ENABLE UTF8=ACCEPT", ""), other(" ENABLE UTF8=ACCEPT", "* ENABLED CONDSTORE\r\n");
  CHECK_FALSE(silent.has("ENABLE"));
  CHECK_FALSE(older.has("ENABLE"));
  for (const auto* heard : {&silent, &older, &refusing, &forgetful, &other}) {
    CHECK(heard->is_open);
    CHECK(heard->has("SELECT \"Entw&APw-rfe\""));
  }
}

}  // namespace
}  // namespace answerable::channels
