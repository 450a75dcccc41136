// IMAP servers at their worst. Whatever one does to a connection, in the end every mail is stored exactly once, and at
// no time is the cursor past what is stored.
#include <doctest/doctest.h>

#include "channels/email/hostile_mailboxes_test.h"
#include "channels/email/imap_peer_test.h"

namespace answerable::channels {
namespace {

struct Yard : HostileMailboxes<ImapPeer, ImapSource> {
  Yard() { parts.guard = {1UL << 20, 2UL << 20, 1UL << 20, 100}; }

  ImapPeer& add(std::function<void(ImapPeer&)> prepare = [](ImapPeer&) {}) {
    const auto name = next_name();
    auto peer = std::make_unique<ImapPeer>(mail_count, name);
    peer->capabilities += " ENABLE UTF8=ACCEPT";
    prepare(*peer);
    const auto channel = add_channel("email", name + "@example.org", peer->config(), {{"imap.password", "secret"}});
    return begin_to_read(std::move(peer), channel, std::make_unique<ImapSource>(parts, channel.id, "INBOX", health()));
  }
  // Every mailbox that is being read has been read to its end, and no cursor was past what is stored meanwhile.
  bool all_come_in() {
    return comes_true([&] {
      cursors_ahead += count(
          "select count(*) from channel_cursors c where c.channel_id >= $1 and c.position > (select count(*) "
          "from spool s where s.workspace_id = c.workspace_id and s.channel_id = c.channel_id)",
          {first()});
      return count("select count(*) from channel_cursors where channel_id >= $1 and position >= 3", {first()}) ==
             static_cast<std::int64_t>(mailboxes.size());
    });
  }
  void check_all() {
    CHECK(all_come_in());
    CHECK(cursors_ahead == 0);
    check_stored_once();
  }

  std::int64_t cursors_ahead = 0;
};

// The bytes that a good server says until the client waits for news.
std::size_t bytes_of_a_session(std::size_t part_bytes_max) {
  Yard yard;
  yard.parts.part_bytes_max = part_bytes_max;
  std::size_t bytes = 0;
  auto& peer = yard.add([&](ImapPeer& one) {
    one.twist = [&one, &bytes](ImapAsk& ask) {
      if (ask.verb == "IDLE" && bytes == 0) bytes = one.sent + ask.before.size();
    };
  });
  yard.check_all();
  while (peer.count_of("IDLE") == 0) ::poll(nullptr, 0, 1);
  return bytes;
}

TEST_CASE("a connection that is cut anywhere in a session of three mails loses nothing and doubles nothing") {
  using Way = std::pair<std::size_t, std::size_t>;
  for (const auto& [part_bytes_max, first] : {Way{4UL << 20, 0}, Way{100, 1}}) {  // whole mails, and mails in parts
    const auto bytes = bytes_of_a_session(part_bytes_max);
    REQUIRE(bytes > 700);
    Yard yard;
    yard.parts.part_bytes_max = part_bytes_max;
    for (std::size_t at = first; at <= bytes;) {
      yard.forget();
      for (int together = 0; together < 60 && at <= bytes; ++together, at += cut_step())
        yard.add([&](ImapPeer& peer) {
          peer.cut_after = at;
          peer.cuts_hard = at % 2 == 1;
        });
      REQUIRE(yard.all_come_in());
    }
    MESSAGE("cut at " << yard.made << " places of " << bytes);
    yard.check_all();
  }
}

TEST_CASE("NO, BAD, BYE and silence at any command lose nothing and double nothing") {
  Yard yard;
  const std::vector<std::string> words{"NO [SERVERBUG] no", "BAD what", "BYE", "", "NO", "OK", "PREAUTH", "XYZZY"};
  for (int number = 0; number <= 8; ++number)
    for (const auto& word : words)
      yard.add([=](ImapPeer& peer) {
        peer.twist = [=](ImapAsk& ask) {
          if (ask.connection > 0 || ask.number != number) return;
          if (word == "BYE" || number == 0)
            ask.before = word.empty() ? "" : "* " + word + " now\r\n", ask.done = "";
          else if (word.empty())
            ask.before = ask.done = "";
          else
            ask.before = "", ask.done = ask.tag + " " + word + "\r\n";
        };
      });
  yard.check_all();
}

TEST_CASE("bogus literals, lies about counts and answers that nobody asked for are survived") {
  const std::vector<std::pair<std::string, std::function<void(ImapAsk&)>>> tricks{
      {"a literal of 4 GB", [](ImapAsk& ask) { ask.before = "* 1 FETCH (UID 1 BODY[] {4294967295}\r\nx"; }},
      {"a literal of more than a number holds",
       [](ImapAsk& ask) { ask.before = "* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\nx"; }},
      {"a negative literal", [](ImapAsk& ask) { ask.before = "* 1 FETCH (UID 1 BODY[] {-1}\r\nx)\r\n"; }},
      {"a literal without digits", [](ImapAsk& ask) { ask.before = "* 1 FETCH (UID 1 BODY[] {}\r\nx)\r\n"; }},
      {"a literal that is too short", [](ImapAsk& ask) { ask.before = "* 1 FETCH (UID 1 BODY[] {3}\r\nFrom: x)\r\n"; }},
      {"a literal without an end", [](ImapAsk& ask) { ask.before = "* 1 FETCH (UID 1 BODY[] {12\r\n"; }},
      {"the same mail three times",
       [](ImapAsk& ask) {
         auto one = ask.before.substr(0, ask.before.find("* 2 FETCH"));
         ask.before = one + one + one;
       }},
      {"one mail twice instead of another",
       [](ImapAsk& ask) {
         const auto second = ask.before.find("* 2 FETCH");
         const auto third = ask.before.find("* 3 FETCH");
         if (second != std::string::npos)
           ask.before = ask.before.substr(0, second) + ask.before.substr(third) + ask.before.substr(third);
       }},
      {"a mail that nobody asked for",
       [](ImapAsk& ask) {
         ask.before += "* 9 FETCH (UID 99 BODY[] " + ImapPeer::literal("From: x\r\n\r\nx") + ")\r\n";
       }},
      {"flags without a UID", [](ImapAsk& ask) { ask.before = "* 1 FETCH (FLAGS (\\Seen))\r\n" + ask.before; }},
      {"expunges between the mails",
       [](ImapAsk& ask) { ask.before = "* 3 EXPUNGE\r\n" + ask.before + "* 1 EXPUNGE\r\n* 0 EXISTS\r\n"; }},
      {"NUL bytes", [](ImapAsk& ask) { ask.before = std::string("* 1 FETCH (UID 1 BODY[] \"\0\")\r\n", 30); }},
      {"brackets without end",
       [](ImapAsk& ask) { ask.before = "* 1 FETCH (BODYSTRUCTURE " + std::string(200'000, '('); }},
      {"a line without end", [](ImapAsk& ask) { ask.before = "* OK " + std::string(2UL << 20, 'a'); }},
      {"lines without end",
       [](ImapAsk& ask) {
         std::string many;
         while (many.size() < (3UL << 20)) many += "* 5 EXISTS\r\n* OK [ALERT] listen to me, there is more to come\r\n";
         ask.before = many;
       }},
      {"another tag", [](ImapAsk& ask) { ask.done = "zz99 OK done\r\n"; }},
  };
  Yard yard;
  for (const auto& [name, trick] : tricks)
    for (const std::string verb : {"UID FETCH", "UID SEARCH", "SELECT"})
      yard.add([act = trick, verb](ImapPeer& peer) {
        peer.twist = [=](ImapAsk& ask) {
          if (ask.connection > 0) return;
          if (ask.verb == verb) act(ask);
          if (ask.verb == "IDLE") ask.before = ask.done = "";  // who was deceived in silence waits no longer than this
        };
      });
  yard.check_all();
}

TEST_CASE("a server that lies about UIDNEXT and EXISTS is read by what it lists") {
  Yard yard;
  for (const std::uint32_t lie : {1U, 2U, 4'294'967'295U}) yard.add([lie](ImapPeer& peer) { peer.uid_next = lie; });
  for (const std::string lie : {"0", "4294967295"})
    yard.add([lie](ImapPeer& peer) {
      peer.twist = [lie](ImapAsk& ask) {
        if (ask.verb == "SELECT") ask.before += "* " + lie + " EXISTS\r\n";
      };
    });
  yard.check_all();
}

TEST_CASE("a UIDVALIDITY that changes in the middle of a session begins the folder anew, and nothing is doubled") {
  Yard yard;
  for (const std::string verb : {"UID SEARCH", "UID FETCH", "IDLE"})
    yard.add([verb](ImapPeer& peer) {
      peer.twist = [&peer, verb](ImapAsk& ask) {
        if (ask.connection > 0 || ask.verb != verb || peer.validity == 8) return;
        peer.validity = 8;
        ask.before += "* OK [UIDVALIDITY 8] the mailbox was made again\r\n";
      };
    });
  CHECK(yard.all_come_in());
  CHECK(yard.comes_true([&] {
    return yard.count("select count(*) from channel_cursors where validity = 8 and position = 3") == yard.made;
  }));
  yard.check_all();
}

TEST_CASE("a server that takes IDLE and never speaks again is left and asked anew") {
  Yard yard;
  yard.parts.idle_ms = 20;
  yard.parts.network_timeout_ms = 1'000;
  // One is dead after IDLE; one lives and tells of nothing.
  auto& dead = yard.add([](ImapPeer& peer) {
    peer.twist = [&peer](ImapAsk& ask) {
      if (ask.verb != "IDLE" || ask.connection > 0) return;
      peer.mails[4] = ImapPeer::mail(4, "late-dead");
      ask.done = "* OK [ALERT] nothing follows\r\n";
    };
  });
  auto& silent = yard.add([](ImapPeer& peer) {
    peer.twist = [&peer](ImapAsk& ask) {
      if (ask.verb == "IDLE") peer.mails[4] = ImapPeer::mail(4, "late-silent");
    };
  });
  CHECK(yard.comes_true([&] { return yard.count("select count(*) from channel_cursors where position = 4") == 2; }));
  CHECK(dead.connections >= 2);
  CHECK(silent.connections == 1);
}

}  // namespace
}  // namespace answerable::channels
