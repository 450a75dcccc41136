// What a real server does only when it is broken: mails that it lists and does not hand over. The rest is tested with
// Dovecot in tests/contract/imap_contract.cpp.
#include "channels/email/imap_source.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "channels/email/mailboxes.h"
#include "channels/email/normalise_mail.h"
#include "channels/schema.h"
#include "channels/testing.h"
#include "intake/quarantine.h"
#include "intake/testing.h"

namespace answerable::channels {
namespace {

// A mailbox with the mails 1 to 4 that answers a FETCH of content as it is told.
struct Mailbox1to4 {
  // What comes after "BODY[] ", "" for no answer, "NO" to refuse;
  // after "gone" the mail is not there any more.
  std::function<std::string(int uid, int ask)> content;
  std::vector<int> uids{1, 2, 3, 4};
  std::map<int, int> asked;
  int searches = 0;
  int late_at_search = -1;  // mail 5 comes when this search is done, and is told of with its answer
  std::mutex mutex;
  ScriptedServer server{[this](TestSocket& peer) { talk(peer); }};

  static std::string literal(int uid) {
    auto mail = "From: zoe@example.com\r\nTo: help@example.org\r\nSubject: Mail " + std::to_string(uid) +
                "\r\nMessage-ID: <" + std::to_string(uid) + "@example.com>\r\n\r\nHello.\r\n";
    return "{" + std::to_string(mail.size()) + "}\r\n" + mail;
  }
  static std::vector<int> set(const std::string& words) {  // "1,3:5" as libetpan writes it
    std::vector<int> list;
    for (std::size_t at = 0; at < words.size();) {
      std::size_t used = 0;
      int first = std::stoi(words.substr(at), &used);
      at += used;
      int last = first;
      if (at < words.size() && words[at] == ':') {
        last = words[at + 1] == '*' ? 9 : std::stoi(words.substr(at + 1), &used);
        at += words[at + 1] == '*' ? 2 : 1 + used;
      }
      for (; first <= last; ++first) list.push_back(first);
      ++at;
    }
    return list;
  }
  bool has(int uid) const { return std::ranges::find(uids, uid) != uids.end(); }
  std::string search(const std::string& words) {
    std::string answer = "* SEARCH";
    for (auto uid : set(words))
      if (has(uid)) answer += " " + std::to_string(uid);
    answer += "\r\n";
    if (searches++ != late_at_search) return answer;
    uids.push_back(5);
    return answer + "* 5 EXISTS\r\n";
  }
  // False: refused.
  bool fetch(const std::string& words, bool is_content, std::string& answer) {
    for (auto uid : set(words)) {
      if (!has(uid)) continue;
      auto item = "* " + std::to_string(uid) + " FETCH (UID " + std::to_string(uid);
      auto body = is_content ? content(uid, ++asked[uid]) : "";
      if (body.starts_with("gone")) {
        std::erase(uids, uid);
        body.erase(0, 4);
      }
      if (body == "NO") return false;
      if (is_content && body.empty()) continue;
      answer += item + (is_content ? " BODY[] " + body : " RFC822.SIZE 100") + ")\r\n";
    }
    return true;
  }
  void talk(TestSocket& peer) {
    peer.send("* OK here\r\n");
    while (true) {
      auto line = peer.read_until("\r\n");
      if (!line.ends_with("\r\n")) return;
      std::lock_guard lock(mutex);
      line.resize(line.size() - 2);
      auto tag = line.substr(0, line.find(' '));
      auto word = [&](std::string_view before) {
        auto at = line.find(before) + before.size();
        return line.substr(at, line.find(' ', at) - at);
      };
      std::string answer;
      bool is_good = true;
      if (line.find("CAPABILITY") != std::string::npos) answer = "* CAPABILITY IMAP4rev1\r\n";
      if (line.find("SELECT") != std::string::npos) answer = "* 4 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n";
      if (line.find("UID SEARCH UID ") != std::string::npos) answer = search(word("UID SEARCH UID "));
      if (line.find("UID FETCH ") != std::string::npos)
        is_good = fetch(word("UID FETCH "), line.find("BODY") != std::string::npos, answer);
      peer.send(answer + tag + (is_good ? " OK done\r\n" : " NO [SERVERBUG] broken\r\n"));
    }
  }
};

struct Fixture : intake::TestIntake {
  explicit Fixture(std::function<std::string(int, int)> content, int late_at_search = -1) : TestIntake({}, schema()) {
    mailbox.content = std::move(content);
    intake->normalise_with("email", normalise_mail_with(key));
    ensure(intake->start().has_value(), "the intake starts");
    parts.retry_first_ms = 1;
    parts.retry_last_ms = 2;
    parts.poll_ms = late_at_search < 0 ? 1 : 600'000;
    mailbox.late_at_search = late_at_search;
    parts.reach = Reach::private_networks;
    channel =
        add_channel("email", "help@example.org", config(mailbox.server.port(), "zoe"), {{"imap.password", "secret"}});
    watch();
  }
  static std::string config(int port, const std::string& user) {
    return R"({"imap":{"host":"127.0.0.1","port":)" + std::to_string(port) + R"(,"security":"none","user":")" + user +
           R"("}})";
  }
  void watch() {
    source =
        std::make_unique<ImapSource>(parts, channel.id, "INBOX", std::make_shared<ChannelHealth>(*database, directory));
    source->start();
  }
  // What Mailboxes does when the settings change.
  void point_to(const std::string& settings) {
    source.reset();
    intake::ChannelChange change;
    change.config = settings;
    change.secrets = {{"imap.password", "secret"}};
    ensure(database
               ->write([&](store::Transaction& tx) {
                 return intake::update_channel(tx, directory, actor, channel.id, change);
               })
               .has_value(),
           "the channel can be changed");
    watch();
  }
  ~Fixture() {
    source.reset();
    intake->stop();
  }
  bool cursor_comes_to(std::int64_t uid) {
    return comes_to("select coalesce(sum(position), 0) from channel_cursors", uid);
  }
  bool comes_to(store::Sql sql, std::int64_t number) {
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (count(sql) < number) {
      if (std::chrono::steady_clock::now() > end) return false;
      ::poll(nullptr, 0, 5);
    }
    intake->wait_until_idle();
    return true;
  }
  std::vector<intake::Quarantined> quarantined() {
    return database
        ->query([&](store::Session& session) { return intake::list_quarantine(session, workspace, std::nullopt, 100); })
        ->items;
  }

  Mailbox1to4 mailbox;
  intake::Channel channel;
  AccessTokens tokens{*database, directory, clock, metrics, {.reach = Reach::private_networks}};
  ImapParts parts{*database, *intake, directory, clock, metrics, tokens, {}};
  std::unique_ptr<ImapSource> source;
};

TEST_CASE("a mail whose content does not come at first is fetched again, and nothing after it overtakes it") {
  for (const std::string bad : {"NIL", "\"\"", "", "NO"}) {
    CAPTURE(bad);
    Fixture test([bad](int uid, int ask) { return uid == 2 && ask <= 4 ? bad : Mailbox1to4::literal(uid); });
    CHECK(test.cursor_comes_to(4));
    CHECK(test.count("select count(*) from messages") == 4);
    CHECK(test.quarantined().empty());
  }
}

TEST_CASE("a mail whose content never comes is quarantined by the name of its mailbox and UID, the others come in") {
  for (const std::string bad : {"NIL", "\"\"", "", "NO"}) {
    CAPTURE(bad);
    Fixture test([bad](int uid, int) { return uid == 2 || uid == 4 ? bad : Mailbox1to4::literal(uid); });
    CHECK(test.cursor_comes_to(4));
    CHECK(test.count("select count(*) from messages") == 2);
    auto quarantined = test.quarantined();
    REQUIRE(quarantined.size() == 2);
    CHECK(quarantined[0].reason == "imap_content_missing");
    CHECK(quarantined[0].detail.find("UID 4 in INBOX (UIDVALIDITY 7)") != std::string::npos);
    CHECK(quarantined[1].detail.find("UID 2 in INBOX (UIDVALIDITY 7)") != std::string::npos);
    std::lock_guard lock(test.mailbox.mutex);
    CHECK(test.mailbox.asked[2] >= test.parts.content_tries_max);
  }
}

TEST_CASE("a mail that was expunged while it was fetched is skipped and not waited for") {
  for (const std::string bad : {"NIL", "", "NO"}) {
    CAPTURE(bad);
    Fixture test([bad](int uid, int) { return uid == 2 ? "gone" + bad : Mailbox1to4::literal(uid); });
    CHECK(test.cursor_comes_to(4));
    CHECK(test.count("select count(*) from messages") == 3);
    CHECK(test.quarantined().empty());
    CHECK(test.directory.find(test.channel.id)->state == intake::ChannelState::active);
  }
}

TEST_CASE("a mail that comes while the mailbox is searched is not waited for") {
  for (const int search : {0, 1}) {  // 1: the one that finds nothing any more
    CAPTURE(search);
    Fixture test([](int uid, int) { return Mailbox1to4::literal(uid); }, search);
    CHECK(test.cursor_comes_to(5));
    CHECK(test.count("select count(*) from messages") == 5);
  }
}

TEST_CASE("all mailboxes are told to stop before any is waited for") {
  std::atomic<int> connections = 0;
  ScriptedServer silent([&](TestSocket& peer) {
    ++connections;
    peer.read_until("nothing that ever comes");
  });
  intake::TestIntake test({}, schema());
  AccessTokens tokens{*test.database, test.directory, test.clock, test.metrics, {}};
  ImapParts parts{*test.database, *test.intake, test.directory, test.clock, test.metrics, tokens, {}};
  parts.reach = Reach::private_networks;
  parts.network_timeout_ms = 1'000;
  parts.retry_first_ms = parts.retry_last_ms = 1;
  for (int i = 0; i < 10; ++i)
    test.add_channel("email", "help" + std::to_string(i) + "@example.org", Fixture::config(silent.port(), "zoe"));
  Mailboxes mailboxes(parts);
  mailboxes.start();
  while (connections < 2) ::poll(nullptr, 0, 5);  // by then all have begun to connect
  const auto begin = std::chrono::steady_clock::now();
  mailboxes.stop();
  // One after the other would connect again while it waits for its turn: half a second each at least.
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(3));
}

TEST_CASE("another account or server with the same UIDVALIDITY is read from its start") {
  Mailbox1to4 other;
  other.content = [](int uid, int) { return Mailbox1to4::literal(uid + 10); };
  Fixture test([](int uid, int) { return Mailbox1to4::literal(uid); });
  REQUIRE(test.cursor_comes_to(4));
  test.point_to(Fixture::config(other.server.port(), "zoe"));
  REQUIRE(test.cursor_comes_to(8));
  CHECK(test.count("select count(*) from messages") == 8);
  test.source.reset();
  other.content = [](int uid, int) { return Mailbox1to4::literal(uid + (uid == 1 ? 20 : 10)); };
  test.point_to(Fixture::config(other.server.port(), "amy"));
  REQUIRE(test.cursor_comes_to(12));
  CHECK(test.count("select count(*) from messages") == 9);
}

}  // namespace
}  // namespace answerable::channels
