// The IMAP source against a real Dovecot.
#include <dirent.h>
#include <doctest/doctest.h>
#include <poll.h>

#include <algorithm>
#include <chrono>

#include "channels/email/imap_source.h"
#include "channels/email/mail_arrival.h"
#include "channels/email/mailbox_fixture_test.h"
#include "contract/dovecot.h"
#include "intake/completeness.h"
#include "intake/quarantine.h"

namespace answerable::channels {
namespace {

using contract::Dovecot;
using contract::files_in;

std::string mail(int number, std::size_t bytes = 0) {
  return "From: zoe@example.com\r\nTo: help@example.org\r\nSubject: Mail " + std::to_string(number) +
         "\r\nMessage-ID: <" + std::to_string(number) + "@example.com>\r\n\r\nHello.\r\n" + std::string(bytes, 'x') +
         "\r\n";
}

struct Fixture : MailboxFixture {
  Fixture() {
    patience = std::chrono::seconds(30);
    parts.retry_first_ms = 10;
    parts.retry_last_ms = 50;
  }
  void open_mailbox(std::uint16_t port, const std::string& security, const std::string& password = "secret",
                    const std::string& host = "127.0.0.1", const std::string& further = "") {
    watch_as(R"({"imap":{"host":")" + host + R"(","port":)" + std::to_string(port) + R"(,"security":")" + security +
                 R"(","user":"zoe")" + further + "}}",
             {{"imap.password", password}});
  }
};

bool any_is_seen(const std::string& folder) {
  bool seen = false;
  if (DIR* entries = opendir((folder + "/cur").c_str())) {
    while (auto* entry = readdir(entries)) {
      std::string_view name = entry->d_name;
      auto flags = name.find(":2,");
      seen = seen || (flags != std::string_view::npos && name.find('S', flags) != std::string_view::npos);
    }
    closedir(entries);
  }
  return seen;
}

TEST_CASE("everything in a mailbox comes in once, what arrives later too, and nothing there is touched") {
  Dovecot dovecot;
  for (int i = 1; i <= 3; ++i) dovecot.save(mail(i));
  Fixture test;
  test.open_mailbox(dovecot.port, "none");
  CHECK(test.messages_are(3));
  dovecot.save(mail(4));  // IDLE
  CHECK(test.messages_are(4));
  CHECK_FALSE(any_is_seen(dovecot.mailbox()));
  test.mailboxes.reset();
  dovecot.save(mail(5));
  test.watch();  // from the cursor
  CHECK(test.messages_are(5));
  CHECK(test.count("select position from channel_cursors") == 5);
}

TEST_CASE("after a new UIDVALIDITY the folder is read again and nothing is doubled") {
  Dovecot dovecot;
  for (int i = 1; i <= 2; ++i) dovecot.save(mail(i));
  Fixture test;
  test.open_mailbox(dovecot.port, "none");
  CHECK(test.messages_are(2));
  CHECK(test.count("select validity from channel_cursors") != 4711);
  test.mailboxes.reset();
  dovecot.revalidate(4711);
  dovecot.save(mail(3));
  test.watch();
  CHECK(test.messages_are(3));
  CHECK(test.comes_true([&] { return test.count("select position from channel_cursors") == 3; }));
  CHECK(test.count("select validity from channel_cursors") == 4711);
}

TEST_CASE("all folders of a channel come in, and what is stored is moved only then and only when asked for") {
  Dovecot dovecot;
  dovecot.save(mail(1));
  dovecot.save(mail(2), "Sales");
  dovecot.save(mail(9), "Done");
  Fixture test;
  test.open_mailbox(dovecot.port, "none", "secret", "127.0.0.1",
                    R"(,"further_folders":["Sales"],"after_storing":"move","move_to":"Done")");
  CHECK(test.messages_are(2));
  CHECK(test.comes_true([&] { return files_in(dovecot.mailbox() + "/.Done") == 3; }));
  CHECK(test.comes_true([&] { return files_in(dovecot.mailbox()) == 0; }));
  CHECK(test.comes_true([&] { return files_in(dovecot.mailbox() + "/.Sales") == 0; }));
  dovecot.save(mail(3));
  CHECK(test.messages_are(3));
  CHECK(test.comes_true([&] { return files_in(dovecot.mailbox() + "/.Done") == 4; }));
}

TEST_CASE("folders have the names that people give them, in any script, and so has the one that mail is moved to") {
  Dovecot dovecot;
  dovecot.save(mail(1), "Entwürfe/Übersicht");
  dovecot.save(mail(2), "R&D 日本語");
  dovecot.save(mail(9), "Erledigt ✓");
  Fixture test;
  test.open_mailbox(
      dovecot.port, "none", "secret", "127.0.0.1",
      R"(,"folder":"Entwürfe/Übersicht","further_folders":["R&D 日本語"],"after_storing":"move","move_to":"Erledigt ✓")");
  CHECK(test.messages_are(2));
  CHECK(test.comes_true([&] { return files_in(dovecot.mailbox() + "/.Erledigt &JxM-") == 3; }));
  dovecot.save(mail(3), "Entwürfe/Übersicht");
  CHECK(test.messages_are(3));
  CHECK(test.mailboxes->check_within(test.channel.id, 20'000));
  auto checks = test.database->query(
      [&](store::Session& session) { return intake::latest_checks(session, test.workspace, test.channel.id); });
  REQUIRE(checks);
  CHECK(std::ranges::any_of(*checks, [](const auto& check) {
    return check.source.find("Entwürfe/Übersicht") != std::string::npos && check.missing == 0;
  }));
}

TEST_CASE("what is stored is marked as read when that is asked for") {
  Dovecot dovecot;
  dovecot.save(mail(1));
  Fixture test;
  test.open_mailbox(dovecot.port, "none", "secret", "127.0.0.1", R"(,"after_storing":"seen")");
  CHECK(test.messages_are(1));
  CHECK(test.comes_true([&] { return any_is_seen(dovecot.mailbox()); }));
}

TEST_CASE("a check against the mailbox finds every mail accounted for, and fetches what was lost here") {
  Dovecot dovecot;
  for (int i = 1; i <= 5; ++i) dovecot.save(mail(i));
  dovecot.expunge(2);
  Fixture test;
  test.open_mailbox(dovecot.port, "none");
  CHECK(test.messages_are(4));
  auto check = [&] {
    CHECK(test.mailboxes->check_within(test.channel.id, 20'000));
    return test.database
        ->query(
            [&](store::Session& session) { return intake::latest_checks(session, test.workspace, test.channel.id); })
        .value()
        .at(0);
  };
  auto found = check();
  CHECK(found.at_source == 4);
  CHECK(found.stored == 4);
  CHECK(found.missing == 0);
  CHECK(found.gone == 1);
  CHECK(found.next_uid == 6);
  REQUIRE(test.database->write([](store::Transaction& tx) { return tx.execute("delete from mailbox_items"); }));
  found = check();
  CHECK(found.stored == 4);
  CHECK(found.missing == 0);
  CHECK(test.messages_are(4));
}

TEST_CASE("that a folder has not changed is taken from HIGHESTMODSEQ, and a change is seen in it") {
  Dovecot dovecot;
  for (int i = 1; i <= 2; ++i) dovecot.save(mail(i));
  Fixture test;
  test.parts.idle_ms = 20;  // looks at the clock
  test.open_mailbox(dovecot.port, "none");
  CHECK(test.messages_are(2));
  const auto looked_at_each = [&] { return test.count("select coalesce(max(checked_at), 0) from channel_cursors"); };
  const auto checked = [&] { return test.count("select coalesce(max(checked_at), 0) from source_checks"); };
  CHECK(test.comes_true([&] { return looked_at_each() > 0; }));
  const auto first = looked_at_each();
  const auto pass_an_hour = [&] {
    test.clock.advance_ms(3'600'000);
    CHECK(test.comes_true([&] { return checked() == test.clock.now().ms; }));
  };
  pass_an_hour();
  pass_an_hour();
  CHECK(looked_at_each() == first);
  CHECK(test.count("select max(stored) from source_checks") == 2);
  dovecot.save(mail(3));
  CHECK(test.messages_are(3));
  pass_an_hour();
  CHECK(looked_at_each() == test.clock.now().ms);
  CHECK(test.count("select max(stored) from source_checks") == 3);
}

TEST_CASE("large mails among small ones keep the order of the cursor, and one that is too large leaves a notice") {
  Dovecot dovecot;
  dovecot.save(mail(1));
  dovecot.save(mail(2, 200'000));
  dovecot.save(mail(3));
  dovecot.save(mail(4, 600'000));
  dovecot.save(mail(5));
  Fixture test;
  test.parts.message_bytes_max = 500'000;
  test.open_mailbox(dovecot.port, "none");
  CHECK(test.messages_are(5));
  CHECK(test.count("select count(*) from messages where body like '%still in the mailbox%'") == 1);
  CHECK(test.count("select position from channel_cursors") == 5);
}

TEST_CASE("a mail of several parts comes in whole, byte for byte") {
  Dovecot dovecot;
  const auto large = mail(1, 2'000'000);
  dovecot.save(large);
  Fixture test;
  test.parts.part_bytes_max = 300'000;
  test.open_mailbox(dovecot.port, "none");
  CHECK(test.messages_are(1));
  CHECK(test.count("select size from spool") == static_cast<std::int64_t>(large.size()));
  CHECK(test.accept(mail_arrival(test.channel, large, test.clock.now())));  // known by its bytes
  test.intake->wait_until_idle();
  CHECK(test.count("select count(*) from spool") == 1);
}

TEST_CASE("TLS is used with a certificate that is trusted and named right, and with no other") {
  Dovecot dovecot;
  dovecot.save(mail(1));
  for (const std::string security : {"tls", "starttls"}) {
    CAPTURE(security);
    auto port = security == "tls" ? dovecot.tls_port : dovecot.port;
    Fixture trusting;
    trusting.parts.ca_file = dovecot.ca_file();
    trusting.open_mailbox(port, security, "secret", "localhost");
    CHECK(trusting.messages_are(1));
    Fixture strict;
    strict.open_mailbox(port, security, "secret", "localhost");
    CHECK(strict.comes_true([&] { return strict.state().state == intake::ChannelState::failing; }));
    CHECK(strict.state().state_detail.find("certificate") != std::string::npos);
    CHECK(strict.count("select count(*) from messages") == 0);
  }
}

TEST_CASE("a wrong password shows on the channel, and the right one heals it") {
  Dovecot dovecot;
  dovecot.save(mail(1));
  Fixture test;
  test.open_mailbox(dovecot.port, "none", "wrong");
  CHECK(test.comes_true([&] { return test.state().state == intake::ChannelState::failing; }));
  CHECK(test.state().state_detail.find("refuses the sign-in") != std::string::npos);
  intake::ChannelChange change;
  change.secrets = {{"imap.password", "secret"}};
  REQUIRE(test.database->write(
      [&](store::Transaction& tx) { return update_channel(tx, test.directory, test.actor, test.channel.id, change); }));
  CHECK(test.messages_are(1));
  CHECK(test.comes_true([&] { return test.state().state == intake::ChannelState::active; }));
}

}  // namespace
}  // namespace answerable::channels
