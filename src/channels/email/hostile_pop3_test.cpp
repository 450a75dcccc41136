// POP3 servers at their worst. Whatever one does to a connection, in the end every mail is stored exactly once, at no
// time is a UID noted whose mail is not stored, and nothing is removed that is not stored.
#include <doctest/doctest.h>

#include "channels/email/hostile_mailboxes_test.h"
#include "channels/email/pop3_peer_test.h"
#include "channels/email/pop3_source.h"

namespace answerable::channels {
namespace {

struct Yard : HostileMailboxes<Pop3Peer, Pop3Source> {
  Yard() { parts.pop3_poll_ms = 60'000; }

  Pop3Peer& add(const std::function<void(Pop3Peer&)>& prepare = [](Pop3Peer&) {}, const std::string& further = "") {
    const auto name = next_name();
    auto peer = std::make_unique<Pop3Peer>(mail_count, name);
    prepare(*peer);
    const auto channel =
        add_channel("email", name + "@example.org", peer->config(further), {{"pop3.password", "secret"}});
    return begin_to_read(std::move(peer), channel, std::make_unique<Pop3Source>(parts, channel.id, health()));
  }
  // Every mailbox that is being read has been read to its end (its check is recorded), and no UID was noted before its
  // mail was stored.
  bool all_come_in() {
    return comes_true([&] {
      look_for_noted_ahead();
      return count("select count(*) from source_checks where channel_id >= $1 and at_source = 3 and stored = 3",
                   {first()}) == static_cast<std::int64_t>(mailboxes.size());
    });
  }
  void look_for_noted_ahead() {
    noted_ahead += count(
        "select count(*) from channels c where c.id >= $1 and (select count(*) from pop3_items p where p.workspace_id "
        "= c.workspace_id and p.channel_id = c.id) > (select count(*) from spool s where s.workspace_id = "
        "c.workspace_id and s.channel_id = c.id)",
        {first()});
  }
  void check_all() {
    CHECK(all_come_in());
    CHECK(noted_ahead == 0);
    check_stored_once();
  }

  std::int64_t noted_ahead = 0;
};

// The bytes that a good server says in a whole session.
std::size_t bytes_of_a_session(const std::string& further) {
  Yard yard;
  auto& peer = yard.add([](Pop3Peer&) {}, further);
  REQUIRE(yard.comes_true([&] { return peer.count_of("QUIT") == 1; }));
  return peer.sent;
}

TEST_CASE("a session of three mails that is cut anywhere loses nothing and doubles nothing") {
  const auto bytes = bytes_of_a_session("");
  REQUIRE(bytes > 500);
  Yard yard;
  for (std::size_t at = 0; at <= bytes;) {
    yard.forget();
    for (int together = 0; together < 60 && at <= bytes; ++together, at += cut_step())
      yard.add([&](Pop3Peer& peer) {
        peer.cut_after = at;
        peer.cuts_hard = at % 2 == 1;
      });
    REQUIRE(yard.all_come_in());
  }
  MESSAGE("cut at " << yard.made << " places of " << bytes);
  yard.check_all();
}

TEST_CASE("where stored mail is removed, a cut anywhere removes nothing that is not stored") {
  const std::string deletes = R"(,"after_storing":"delete")";
  const auto bytes = bytes_of_a_session(deletes);
  Yard yard;
  std::atomic<int> removed_early = 0;
  for (std::size_t at = 1; at <= bytes;) {
    yard.forget();
    for (int together = 0; together < 60 && at <= bytes; ++together, at += cut_step()) {
      auto& peer = yard.add(
          [&](Pop3Peer& one) {
            one.cut_after = at;
            one.cuts_hard = at % 2 == 1;
          },
          deletes);
      std::lock_guard lock(peer.mutex);
      peer.twist = [&yard, &removed_early, channel = yard.mailboxes.back().channel.id](Pop3Ask& ask) {
        if (ask.verb != "DELE") return;
        const auto stored = *yard.database->query([&](store::Session& session) {
          return session.number("select count(*) from spool where channel_id = $1", {channel});
        });
        if (stored < std::atoi(ask.words.c_str())) ++removed_early;
      };
    }
    REQUIRE(yard.comes_true([&] {
      yard.look_for_noted_ahead();
      return std::ranges::all_of(yard.mailboxes, [](auto& one) { return one.peer->size() == 0; });
    }));
  }
  CHECK(removed_early == 0);
  yard.intake->wait_until_idle();
  CHECK(yard.noted_ahead == 0);
  CHECK(yard.count("select count(*) from messages") == std::int64_t{yard.made} * Yard::mail_count);
  CHECK(yard.count("select count(*) from spool") == std::int64_t{yard.made} * Yard::mail_count);
}

TEST_CASE("refusals, nonsense and silence at any command lose nothing and double nothing") {
  Yard yard;
  const std::vector<std::string> words{
      "-ERR [SYS/TEMP] no\r\n",      "* OK what\r\n", "+OK\r\n.\r\n", "\r\n", "+OK", "-", "+OK here\r\n+OK more\r\n",
      "+OK\r\n\r\n.\r\n+OK done\r\n"};
  for (int number = 0; number <= 9; ++number)
    for (const auto& word : words)
      yard.add([=](Pop3Peer& peer) {
        peer.twist = [=](Pop3Ask& ask) {
          // An empty mail, a list without mails and a sign-in that is no matter are what such words may mean; a mail
          // that is refused is another test's.
          if (ask.connection > 0 || ask.number != number || ask.verb == "UIDL" || ask.verb == "RETR") return;
          ask.answer = word;
        };
      });
  yard.check_all();
}

TEST_CASE("lists that lie, and answers that nobody asked for, are not believed") {
  const std::vector<std::pair<std::string, std::string>> lies{
      {"UIDL", "+OK\r\n1 a\r\n1 b\r\n.\r\n"},
      {"UIDL", "+OK\r\n0 a\r\n.\r\n"},
      {"UIDL", "+OK\r\n99999999999 a\r\n.\r\n"},
      {"UIDL", "+OK\r\n1\r\n2\r\n3\r\n.\r\n"},
      {"UIDL", "+OK\r\nhello\r\n.\r\n"},
      {"UIDL", "+OK\r\n1 a\r\n.\r\n"},  // while LIST has three
      {"UIDL", "+OK\r\n" + std::string(3'000, 'a')},
      {"UIDL", std::string(3'000, 'a')},
      {"LIST", "+OK\r\n1 5\r\n1 5\r\n.\r\n"},
      {"LIST", "+OK\r\n-1 5\r\n.\r\n"},
      {"LIST", "-ERR\r\n"},
      {"UIDL", "+OK\r\n.\r\n+OK\r\n.\r\n"},
      {"LIST", std::string("+OK\r\n\0\r\n.\r\n", 12)},
  };
  Yard yard;
  for (const auto& [verb, answer] : lies)
    yard.add([verb, answer](Pop3Peer& peer) {
      peer.twist = [=](Pop3Ask& ask) {
        if (ask.connection == 0 && ask.verb == verb) ask.answer = answer;
      };
    });
  // Sizes that are none: the mails come in all the same.
  yard.add([](Pop3Peer& peer) {
    peer.twist = [](Pop3Ask& ask) {
      if (ask.verb == "LIST") ask.answer = "+OK\r\n1 many\r\n2 99999999999999999999\r\n.\r\n";
    };
  });
  yard.check_all();
}

TEST_CASE("an answer that is one too many is not taken for the next mail") {
  Yard yard;
  auto& peer = yard.add([](Pop3Peer& one) {
    one.twist = [](Pop3Ask& ask) {
      if (ask.connection == 0 && ask.verb == "RETR" && ask.words == "1") ask.answer += ask.answer;
    };
  });
  yard.check_all();
  CHECK(peer.connections >= 2);
}

TEST_CASE("a mail on which the server breaks the connection holds up no other") {
  Yard yard;
  auto& peer = yard.add([](Pop3Peer& one) {
    one.twist = [](Pop3Ask& ask) {
      if (ask.verb == "RETR" && ask.words == "1") ask.answer.clear();
    };
  });
  CHECK(yard.comes_true([&] { return yard.count("select count(*) from pop3_items where outcome = 0") == 2; }));
  CHECK(yard.comes_true([&] { return peer.count_of("RETR 1") > 3; }));
  {
    std::lock_guard lock(peer.mutex);
    peer.twist = [](Pop3Ask&) {};
  }
  yard.check_all();
}

}  // namespace
}  // namespace answerable::channels
