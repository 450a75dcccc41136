// What a channel does with a mailbox that it reads by POP3. A good server is Dovecot
// (tests/contract/pop3_contract.cpp), the worst ones are in hostile_pop3_test.cpp.
#include "channels/email/pop3_source.h"
#include "channels/email/mailbox_fixture_test.h"

#include <doctest/doctest.h>

#include <chrono>

#include "channels/email/pop3_peer_test.h"
#include "channels/test_connection.h"
#include "intake/completeness.h"
#include "intake/quarantine.h"

namespace answerable::channels {
namespace {

struct Fixture : MailboxFixture {
  Fixture() {
    parts.retry_first_ms = parts.retry_last_ms = 1;
    parts.network_timeout_ms = 5'000;
  }
  ~Fixture() { stop(); }
  void watch(const std::string& further = "") { watch_as(peer.config(further)); }
  void watch_as(const std::string& config) { MailboxFixture::watch_as(config, {{"pop3.password", "secret"}}); }
  intake::SourceCheck check() {
    CHECK(comes_true([&] { return mailboxes->check_within(channel.id, 20'000); }));
    intake->wait_until_idle();
    const auto checks =
        database->query([&](store::Session& session) { return intake::latest_checks(session, workspace, channel.id); });
    REQUIRE(checks->size() == 1);
    return checks->at(0);
  }
  // The mailboxes take a channel up on their own thread.
  bool is_read() {
    return comes_true([&] { return count("select count(*) from source_checks") > 0; });
  }
  std::int64_t messages() { return count("select count(*) from messages"); }

  Pop3Peer peer{3};
};

TEST_CASE("every mail of a POP3 mailbox comes in once, is counted, and is left where it is") {
  Fixture test;
  test.watch();
  REQUIRE(test.is_read());
  auto found = test.check();
  CHECK(found.source == "POP3");
  CHECK(found.at_source == 3);
  CHECK(found.stored == 3);
  CHECK(found.missing == 0);
  CHECK(test.messages() == 3);
  {
    std::lock_guard lock(test.peer.mutex);
    test.peer.mails.push_back({"mail-4", Pop3Peer::mail(4)});
  }
  CHECK(test.check().stored == 4);
  CHECK(test.messages() == 4);
  CHECK(test.peer.count_of("RETR") == 4);
  CHECK(test.peer.count_of("DELE") == 0);
  CHECK(test.count("select count(*) from channel_days where way = 'pop3' and stored = 4") == 1);
  CHECK(test.state().state == intake::ChannelState::active);
  CHECK(test.metrics.text().find("answerable_mailbox_at_source{channel=\"" + test.channel.id.text()) !=
        std::string::npos);
}

TEST_CASE("a mailbox is asked again by itself after a time") {
  Fixture test;
  test.parts.pop3_poll_ms = 1;
  test.watch();
  REQUIRE(test.is_read());
  std::unique_lock lock(test.peer.mutex);
  test.peer.mails.push_back({"mail-4", Pop3Peer::mail(4)});
  lock.unlock();
  CHECK(test.comes_true([&] { return test.messages() == 4; }));
}

TEST_CASE("what is stored is removed when that is asked for, and mail of before that is not") {
  Fixture test;
  test.watch(R"(,"after_storing":"delete")");
  CHECK(test.comes_true([&] { return test.peer.size() == 0; }));
  CHECK(test.check().at_source == 0);
  CHECK(test.messages() == 3);
  CHECK(test.count("select count(*) from pop3_items") == 0);
  Fixture later;
  later.watch();
  REQUIRE(later.is_read());
  intake::ChannelChange change;
  change.config = later.peer.config(R"(,"after_storing":"delete")");
  change.secrets = {{"pop3.password", "secret"}};
  REQUIRE(later.database->write([&](store::Transaction& tx) {
    return intake::update_channel(tx, later.directory, later.actor, later.channel.id, change);
  }));
  const auto sessions = later.peer.count_of("QUIT");
  CHECK(later.comes_true([&] { return later.peer.count_of("QUIT") > sessions; }));
  CHECK(later.peer.count_of("DELE") == 0);
}

TEST_CASE("a removal that the server refuses at the end is tried again, and shows") {
  Fixture test;
  bool refuses = true;
  test.peer.twist = [&](Pop3Ask& ask) {
    if (ask.verb == "DELE" && refuses) ask.answer = "-ERR not now\r\n";
    if (ask.verb == "QUIT" && refuses) ask.answer = "-ERR some mails were not removed\r\n";
  };
  test.peer.mails.resize(1);
  test.watch(R"(,"after_storing":"delete")");
  CHECK(test.comes_true([&] { return test.state().state_detail.find("does not remove") != std::string::npos; }));
  CHECK(test.peer.size() == 1);
  std::unique_lock lock(test.peer.mutex);
  refuses = false;
  lock.unlock();
  CHECK(test.comes_true([&] { return test.peer.size() == 0; }));
  CHECK(test.comes_true([&] { return test.state().state == intake::ChannelState::active; }));
  CHECK(test.messages() == 1);
}

TEST_CASE("a server that gives all mails other UIDs is read again, and nothing is doubled") {
  Fixture test;
  test.watch();
  REQUIRE(test.is_read());
  std::unique_lock lock(test.peer.mutex);
  for (auto& mail : test.peer.mails) mail.uid = "new-" + mail.uid;
  lock.unlock();
  CHECK(test.check().stored == 3);
  CHECK(test.messages() == 3);
  CHECK(test.peer.count_of("RETR") == 6);
  CHECK(test.count("select count(*) from pop3_items where uid like 'new-%'") == 3);
  CHECK(test.count("select count(*) from pop3_items") == 3);
}

TEST_CASE("mails that share a UID all come in, and none of them is ever removed") {
  Fixture test;
  for (auto& mail : test.peer.mails) mail.uid = "same";
  test.watch(R"(,"after_storing":"delete")");
  REQUIRE(test.is_read());
  CHECK(test.check().stored == 3);
  CHECK(test.messages() == 3);
  CHECK(test.peer.count_of("DELE") == 0);
  std::unique_lock lock(test.peer.mutex);
  test.peer.mails.resize(1);  // by another program; which one was left, nobody can say
  lock.unlock();
  CHECK(test.check().at_source == 1);
  CHECK(test.peer.count_of("DELE") == 0);
}

TEST_CASE("a UID that is given to another mail is noticed by its size") {
  Fixture test;
  test.watch();
  REQUIRE(test.is_read());
  std::unique_lock lock(test.peer.mutex);
  test.peer.mails[1].text = Pop3Peer::mail(7, "another");
  lock.unlock();
  CHECK(test.check().stored == 3);
  CHECK(test.messages() == 4);
}

TEST_CASE("a mail that the server refuses is missing by name, then quarantined, and the others come in") {
  Fixture test;
  test.parts.content_tries_max = 3;
  test.peer.twist = [](Pop3Ask& ask) {
    if (ask.verb == "RETR" && ask.words == "2") ask.answer = "-ERR damaged\r\n";
  };
  test.watch();
  REQUIRE(test.is_read());
  auto found = test.check();
  CHECK(found.stored == 2);
  CHECK(found.missing == 1);
  CHECK(found.missing_names == "mail-2");
  CHECK(test.state().state == intake::ChannelState::failing);
  CHECK(test.state().state_detail.find("mail-2") != std::string::npos);
  found = test.check();
  CHECK(found.withheld == 1);
  CHECK(found.missing == 0);
  CHECK(test.state().state == intake::ChannelState::active);
  const auto quarantined = *test.database->query(
      [&](store::Session& session) { return intake::list_quarantine(session, test.workspace, std::nullopt, 10); });
  REQUIRE(quarantined.items.size() == 1);
  CHECK(quarantined.items[0].detail.find("mail-2") != std::string::npos);
}

TEST_CASE("a mail at the limit comes in, a larger one is announced, whatever its server says of its size") {
  Fixture test;
  const auto empty = Pop3Peer::mail(1).size();
  test.parts.message_bytes_max = 1'000;
  test.peer.mails[0].text = Pop3Peer::mail(1, "mail", 1'000 - empty);
  test.peer.mails[1].text = Pop3Peer::mail(2, "mail", 1'001 - empty);
  test.peer.mails[2].text = Pop3Peer::mail(3, "mail", 2'000);
  test.peer.twist = [](Pop3Ask& ask) {
    if (ask.verb == "LIST") ask.answer = "+OK\r\n1 1000\r\n2 1001\r\n3 10\r\n.\r\n";  // of the last one it lies
  };
  test.watch();
  REQUIRE(test.is_read());
  const auto found = test.check();
  CHECK(found.stored == 1);
  CHECK(found.noticed == 2);
  CHECK(test.messages() == 3);
  CHECK(test.count("select count(*) from messages where body like '%still in the mailbox%'") == 2);
  CHECK(test.peer.count_of("RETR 2") == 0);
}

TEST_CASE("a server without UIDL is a clear error on the channel") {
  Fixture test;
  test.peer.twist = [](Pop3Ask& ask) {
    if (ask.verb == "UIDL") ask.answer = "-ERR unknown command\r\n";
  };
  test.watch();
  CHECK(test.comes_true([&] { return test.state().state_detail.find("UIDL") != std::string::npos; }));
  CHECK(test.state().state == intake::ChannelState::failing);
  CHECK(test.peer.count_of("RETR") == 0);
}

TEST_CASE("a mailbox that somebody else reads is not taken for a wrong password") {
  Fixture test;
  test.peer.twist = [](Pop3Ask& ask) {
    if (ask.verb == "PASS" && ask.connection < 3) ask.answer = "-ERR [IN-USE] somebody is here\r\n";
  };
  test.watch();
  CHECK(test.comes_true([&] { return test.state().state_detail.find("for the moment") != std::string::npos; }));
  REQUIRE(test.is_read());
  CHECK(test.check().stored == 3);
}

TEST_CASE("where STARTTLS is asked for and not given, no password is said") {
  for (const std::string capabilities : {"UIDL\r\nUSER\r\n", "UIDL\r\nUSER\r\nSTLS\r\n"}) {
    CAPTURE(capabilities);
    Fixture test;
    test.peer.capabilities = capabilities;
    test.peer.twist = [](Pop3Ask& ask) {
      if (ask.verb == "STLS") ask.answer = "-ERR not today\r\n";
    };
    auto config = test.peer.config();
    config.replace(config.find("\"none\""), 6, "\"starttls\"");
    test.watch_as(config);
    CHECK(test.comes_true([&] { return test.state().state == intake::ChannelState::failing; }));
    CHECK(test.state().state_detail.find("TLS") != std::string::npos);
    CHECK(test.peer.count_of("USER") == 0);
    CHECK(test.peer.count_of("PASS") == 0);
    CHECK(test.peer.count_of("AUTH") == 0);
    CHECK(test.messages() == 0);
  }
}

TEST_CASE("a mailbox that stops answers at once") {
  Fixture test;
  test.parts.network_timeout_ms = 60'000;
  test.peer.twist = [](Pop3Ask& ask) {
    if (ask.verb == "UIDL") ask.answer = "+OK\r\n1 a\r\n";  // and no end
  };
  test.watch();
  CHECK(test.comes_true([&] { return test.peer.count_of("UIDL") == 1; }));
  const auto begin = std::chrono::steady_clock::now();
  test.mailboxes.reset();
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}

TEST_CASE("a channel fetches by IMAP or by POP3, and says what it does with what is stored") {
  const auto read = [](const std::string& pop3, const std::string& further = "") {
    return read_mail_settings(R"({"pop3":{"host":"pop.example.org")" + pop3 + "}" + further + "}");
  };
  CHECK(read("")->pop3->port == 995);
  CHECK(read(R"(,"security":"starttls")")->pop3->port == 110);
  CHECK_FALSE(read("")->pop3_deletes);
  CHECK_FALSE(read("")->plus_addressing);
  CHECK(read(R"(,"after_storing":"delete")")->pop3_deletes);
  CHECK_FALSE(read(R"(,"after_storing":"move")"));
  CHECK_FALSE(read(R"(,"security":"none")"));
  CHECK(read("", R"(,"imap":{"host":"imap.example.org"})").error().detail.find("one of them") != std::string::npos);
}

TEST_CASE("the test button tells how many mails the POP3 mailbox has, or what is wrong") {
  Fixture test;
  test.watch();
  SmtpCarrierParts parts{test.directory, *test.blobs, test.key, std::nullopt, "localhost"};
  parts.tokens = &test.tokens;
  parts.reach = Reach::private_networks;
  const auto said = test_connection(parts, test.channel);
  CHECK(said.value().find("(3 mails)") != std::string::npos);
  std::unique_lock lock(test.peer.mutex);
  test.peer.twist = [](Pop3Ask& ask) {
    if (ask.verb == "PASS") ask.answer = "-ERR [AUTH] wrong\r\n";
  };
  lock.unlock();
  CHECK(test_connection(parts, test.channel).error().code == "pop3_login_refused");
  parts.reach = Reach::internet;
  CHECK(test_connection(parts, test.channel).error().code == "server_address_refused");
}

}  // namespace
}  // namespace answerable::channels
