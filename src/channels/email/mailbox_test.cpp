// What a channel does with a folder beside reading it: acts at the server after the commit, and the look for gaps.
// Several folders at once are tested with Dovecot (tests/contract/imap_contract.cpp).
#include <doctest/doctest.h>

#include <chrono>

#include "channels/email/imap_peer_test.h"
#include "channels/email/mailbox_fixture_test.h"
#include "channels/email/mailboxes.h"
#include "intake/completeness.h"

namespace answerable::channels {
namespace {

struct Fixture : MailboxFixture {
  Fixture() {
    parts.retry_first_ms = parts.retry_last_ms = 1;
    parts.network_timeout_ms = 5'000;
  }
  ~Fixture() { stop(); }
  void watch(const std::string& further = "") {
    auto config = peer.config();
    config.insert(config.size() - 2, further);
    watch_as(config, {{"imap.password", "secret"}});
  }
  std::vector<intake::SourceCheck> checks() {
    return database
        ->query([&](store::Session& session) { return intake::latest_checks(session, workspace, channel.id); })
        .value();
  }
  bool is_read(std::int64_t positions) {
    return comes_true([&] { return count("select coalesce(sum(position), 0) from channel_cursors") == positions; });
  }

  ImapPeer peer{3};
};

TEST_CASE("a mail is moved or marked at the server after its commit, if that was asked for, and never otherwise") {
  for (const std::string act : {"leave", "seen", "move"}) {
    CAPTURE(act);
    Fixture test;
    int stored_at_act = -1;
    test.peer.twist = [&](ImapAsk& ask) {
      if ((ask.verb == "UID MOVE" || ask.verb == "UID STORE") && stored_at_act < 0)
        stored_at_act = static_cast<int>(test.count("select count(*) from mailbox_items"));
    };
    test.watch(R"(,"after_storing":")" + act + R"(","move_to":"Done")");
    CHECK(test.is_read(3));
    CHECK(test.comes_true([&] { return test.peer.count_of("IDLE") > 0; }));
    CHECK(test.peer.count_of("UID STORE") == (act == "seen" ? 1 : 0));
    CHECK(test.peer.count_of("UID MOVE") == (act == "move" ? 1 : 0));
    CHECK(stored_at_act == (act == "leave" ? -1 : 3));
    CHECK(test.count("select count(*) from mailbox_items where is_due = 1") == 0);
  }
}

TEST_CASE("an act that the server refuses shows on the channel, is tried again, and mail comes in all the same") {
  Fixture test;
  bool refuses = true;
  test.peer.twist = [&](ImapAsk& ask) {
    if (ask.verb == "UID MOVE" && refuses) ask.before = "", ask.done = ask.tag + " NO [TRYCREATE] no such folder\r\n";
  };
  test.watch(R"(,"after_storing":"move","move_to":"Done")");
  CHECK(test.is_read(3));
  CHECK(
      test.comes_true([&] { return test.state().state_detail.find("cannot be moved to Done") != std::string::npos; }));
  CHECK(test.count("select count(*) from mailbox_items where is_due = 1") == 3);
  {
    std::lock_guard lock(test.peer.mutex);
    refuses = false;
  }
  CHECK(test.comes_true([&] { return test.count("select count(*) from mailbox_items where is_due = 1") == 0; }));
  CHECK(test.comes_true([&] { return test.state().state == intake::ChannelState::active; }));
}

TEST_CASE("without MOVE a mail is copied, and only itself is expunged") {
  Fixture test;
  test.peer.capabilities = "IMAP4rev1 IDLE UIDPLUS";
  test.watch(R"(,"after_storing":"move","move_to":"Done")");
  CHECK(test.comes_true([&] { return test.peer.count_of("UID EXPUNGE") == 1; }));
  CHECK(test.peer.count_of("UID COPY") == 1);
  CHECK(test.peer.count_of("EXPUNGE") == 0);
}

TEST_CASE("a check says that everything is here") {
  Fixture test;
  test.watch();
  CHECK(test.comes_true([&] { return !test.checks().empty(); }));
  const auto check = test.checks().at(0);
  CHECK(check.source == "INBOX");
  CHECK(check.at_source == 3);
  CHECK(check.stored == 3);
  CHECK(check.missing == 0);
  CHECK(check.next_uid == 4);
}

TEST_CASE("a gap is found and fetched, when asked for and by the clock") {
  Fixture test;
  test.watch();
  CHECK(test.comes_true([&] { return !test.checks().empty(); }));
  // As after a restored backup, or a server that hid a mail from a search: UID 2 was never taken.
  auto lose = [&](int uid) {
    std::lock_guard lock(test.peer.mutex);
    test.peer.mails[static_cast<std::uint32_t>(uid)] = ImapPeer::mail(uid, "lost");
    REQUIRE(test.database->write([&](store::Transaction& tx) {
      return tx.execute("delete from mailbox_items where uid = $1", {std::int64_t{uid}});
    }));
  };
  lose(2);
  CHECK(test.mailboxes->check_within(test.channel.id, 20'000));
  test.intake->wait_until_idle();
  CHECK(test.count("select count(*) from messages") == 4);
  CHECK(test.checks().at(0).stored == 3);
  CHECK(test.checks().at(0).missing == 0);
  CHECK(test.count("select position from channel_cursors") == 3);
  // What is known by its bytes is not doubled.
  REQUIRE(test.database->write([](store::Transaction& tx) { return tx.execute("delete from mailbox_items"); }));
  CHECK(test.mailboxes->check_within(test.channel.id, 20'000));
  test.intake->wait_until_idle();
  CHECK(test.count("select count(*) from messages") == 4);
  CHECK(test.count("select count(*) from mailbox_items") == 3);
}

TEST_CASE("a gap that cannot be fetched names its UIDs on the channel, and goes when the mail comes") {
  Fixture test;
  test.watch();
  CHECK(test.comes_true([&] { return !test.checks().empty(); }));
  {
    std::lock_guard lock(test.peer.mutex);
    test.peer.twist = [](ImapAsk& ask) {
      if (ask.verb == "UID FETCH" && ask.words.find("BODY") != std::string::npos) ask.before = "";
    };
  }
  REQUIRE(test.database->write(
      [](store::Transaction& tx) { return tx.execute("delete from mailbox_items where uid > 1"); }));
  CHECK(test.mailboxes->check_within(test.channel.id, 20'000));
  CHECK(test.checks().at(0).missing == 2);
  CHECK(test.checks().at(0).missing_names == "2:3");
  CHECK(test.state().state == intake::ChannelState::failing);
  CHECK(test.state().state_detail.find("INBOX has UID 2:3") != std::string::npos);
  CHECK(test.metrics.text().find("answerable_mailbox_missing{channel=\"" + test.channel.id.text()) !=
        std::string::npos);
  {
    std::lock_guard lock(test.peer.mutex);
    test.peer.twist = [](ImapAsk&) {};
  }
  CHECK(test.mailboxes->check_within(test.channel.id, 20'000));
  CHECK(test.checks().at(0).missing == 0);
  CHECK(test.state().state == intake::ChannelState::active);
}

TEST_CASE("a mail that is larger than any answer may be comes in parts") {
  Fixture test;
  test.parts.guard.literal_bytes_max = 100'000;
  test.peer.mails[2] = ImapPeer::mail(2, "large", 300'000);
  test.watch();
  CHECK(test.is_read(3));
  CHECK(test.comes_true([&] { return !test.checks().empty(); }));
  test.intake->wait_until_idle();
  CHECK(test.checks().at(0).stored == 3);
  CHECK(test.count("select count(*) from messages") == 3);
  CHECK(test.peer.count_of("UID FETCH 2 (UID BODY.PEEK[]<") == 5);  // four parts, and that there is no fifth
}

TEST_CASE("a mail at the limit comes in, in memory or by way of the disk, and one byte more is announced") {
  for (const std::size_t limit : {1'000UL, 2'500'000UL}) {
    CAPTURE(limit);
    Fixture test;
    test.parts.message_bytes_max = limit;
    test.parts.part_bytes_max = limit / 3;
    const auto empty = ImapPeer::mail(1).size();
    test.peer.mails[1] = ImapPeer::mail(1, "mail", limit - empty);
    test.peer.mails[2] = ImapPeer::mail(2, "mail", limit + 1 - empty);
    test.watch();
    CHECK(test.is_read(3));
    CHECK(test.comes_true([&] { return !test.checks().empty(); }));
    test.intake->wait_until_idle();
    CHECK(test.checks().at(0).stored == 2);
    CHECK(test.checks().at(0).noticed == 1);
    CHECK(test.count("select max(size) from spool") == static_cast<std::int64_t>(limit));
    CHECK(test.count("select count(*) from messages where body like '%still in the mailbox%'") == 1);
  }
}

TEST_CASE("a large mail that is longer than its server says is announced, and one that ends early is not believed") {
  Fixture test;
  test.parts.message_bytes_max = 5'000;
  test.parts.part_bytes_max = 1'000;
  test.parts.content_tries_max = 2;
  test.peer.mails[1] = ImapPeer::mail(1, "mail", 8'000);
  test.peer.mails[2] = ImapPeer::mail(2, "mail", 1'500);
  test.peer.twist = [&](ImapAsk& ask) {
    if (ask.verb != "UID FETCH" || ask.words.find("RFC822.SIZE") == std::string::npos) return;
    for (const std::uint32_t uid : {1U, 2U}) {
      const auto real = "RFC822.SIZE " + std::to_string(test.peer.mails[uid].size());
      if (const auto at = ask.before.find(real); at != std::string::npos)
        ask.before.replace(at, real.size(), "RFC822.SIZE 4000");
    }
  };
  test.watch();
  CHECK(test.is_read(3));
  CHECK(test.comes_true([&] { return !test.checks().empty(); }));
  CHECK(test.checks().at(0).noticed == 1);
  CHECK(test.checks().at(0).withheld == 1);
  CHECK(test.checks().at(0).stored == 1);
}

TEST_CASE("a part that is another than was asked for ends the connection, and the mail is fetched anew") {
  Fixture test;
  test.parts.part_bytes_max = 100;
  test.peer.twist = [](ImapAsk& ask) {
    if (ask.connection == 0 && ask.verb == "UID FETCH" && ask.words.find("<100.") != std::string::npos)
      ask.before.replace(ask.before.find("<100>"), 5, "<0>");
  };
  test.watch();
  CHECK(test.is_read(3));
  test.intake->wait_until_idle();
  CHECK(test.count("select count(*) from messages") == 3);
  CHECK(test.peer.connections >= 2);
}

struct UnchangedFixture : Fixture {
  UnchangedFixture() {
    peer.capabilities += " CONDSTORE";
    parts.idle_ms = 5;  // looks at the clock
  }
  int looks_at_each() { return peer.count_of("UID SEARCH UID 1:*"); }
  // An hour goes by, or more, and the check that is due comes.
  void let_pass(int hours) {
    clock.advance_ms(hours * 3'600'000LL);
    const auto now = clock.now();
    CHECK(comes_true([&] { return !checks().empty() && checks().at(0).checked_at.ms == now.ms; }));
  }
  void lose(std::uint32_t uid) {
    std::lock_guard lock(peer.mutex);
    peer.mails[uid] = ImapPeer::mail(static_cast<int>(uid), "lost");
    REQUIRE(database->write([&](store::Transaction& tx) {
      return tx.execute("delete from mailbox_items where uid = $1", {std::int64_t{uid}});
    }));
  }
};

TEST_CASE(
    "a folder that its server says is unchanged is not searched again, until it says otherwise or somebody asks") {
  UnchangedFixture test;
  test.watch();
  CHECK(test.is_read(3));
  CHECK(test.comes_true([&] { return !test.checks().empty(); }));
  const auto at_first = test.looks_at_each();
  for (int hour = 0; hour < 3; ++hour) test.let_pass(1);
  CHECK(test.looks_at_each() == at_first);
  CHECK(test.checks().at(0).stored == 3);
  CHECK(test.checks().at(0).at_source == 3);
  CHECK(test.mailboxes->check_within(test.channel.id, 20'000));
  CHECK(test.looks_at_each() == at_first + 1);
  {
    std::lock_guard lock(test.peer.mutex);
    ++test.peer.modseq;
  }
  test.let_pass(1);
  CHECK(test.looks_at_each() == at_first + 2);
}

TEST_CASE("a server that says that nothing has changed, and lies, is found out within a day") {
  UnchangedFixture test;
  test.watch();
  CHECK(test.is_read(3));
  CHECK(test.comes_true([&] { return !test.checks().empty(); }));
  test.lose(2);
  test.let_pass(1);
  CHECK(test.count("select count(*) from messages") == 3);
  test.let_pass(24);
  test.intake->wait_until_idle();
  CHECK(test.count("select count(*) from messages") == 4);
  CHECK(test.checks().at(0).stored == 3);
}

TEST_CASE("a server without HIGHESTMODSEQ, or one that says none, has each UID looked at each time") {
  for (const bool offers : {false, true}) {
    CAPTURE(offers);
    UnchangedFixture test;
    if (!offers) test.peer.capabilities = "IMAP4rev1 IDLE UIDPLUS MOVE";
    test.peer.modseq = 0;
    test.watch();
    CHECK(test.is_read(3));
    CHECK(test.comes_true([&] { return !test.checks().empty(); }));
    const auto at_first = test.looks_at_each();
    test.let_pass(1);
    CHECK(test.looks_at_each() == at_first + 1);
  }
}

TEST_CASE("how many folders a channel may have is bounded, and what is moved goes to none of them") {
  auto config = [](const std::string& further) { return R"({"imap":{"host":"mail.example.org")" + further + "}}"; };
  std::string names;
  for (std::size_t i = 1; i < imap_folders_max; ++i) names += (i > 1 ? "," : "") + ("\"f" + std::to_string(i)) + "\"";
  CHECK(read_mail_settings(config(R"(,"further_folders":[)" + names + "]"))->imap_folders.size() == imap_folders_max);
  CHECK_FALSE(read_mail_settings(config(R"(,"further_folders":["one too many",)" + names + "]")));
  CHECK_FALSE(read_mail_settings(config(R"(,"further_folders":["a\r\nb"])")));
  CHECK_FALSE(read_mail_settings(config(R"(,"after_storing":"move")")));
  CHECK_FALSE(read_mail_settings(config(R"(,"after_storing":"move","move_to":"INBOX")")));
  CHECK_FALSE(read_mail_settings(config(R"(,"after_storing":"burn")")));
}

}  // namespace
}  // namespace answerable::channels
