#include "channels/email/lmtp_listener.h"

#include <doctest/doctest.h>

#include <atomic>

#include "channels/email/normalise_mail.h"
#include "channels/schema.h"
#include "channels/testing.h"
#include "intake/testing.h"
#include "mail/reply_token.h"

namespace answerable::channels {
namespace {

struct Fixture : intake::TestIntake {
  Fixture() : TestIntake({}, schema()), channel(add_channel("email", "help@example.org")) {
    intake->normalise_with("email", normalise_mail_with(key));
    ensure(intake->start().has_value(), "the intake starts");
    auto started = LmtpListener::start({loop, *intake, directory, clock, metrics}, {}, {});
    ensure(started.has_value(), "the listener starts");
    listener = *std::move(started);
  }
  ~Fixture() {
    listener->stop(5'000);
    intake->stop();
  }
  std::int64_t messages() {
    intake->wait_until_idle();
    return count("select count(*) from messages");
  }
  std::string text(store::Sql sql) {
    return database
        ->query([&](store::Session& session) {
          return session.find(sql, {}, [](const auto& row) { return row.string(0); });
        })
        ->value_or("(none)");
  }
  intake::Channel channel;
  net::EventLoop loop;
  std::unique_ptr<LmtpListener> listener;
};

std::string mail(std::string_view id, std::string_view further = "",
                 std::string_view text = "Hello, where is my lantern?") {
  return "From: Zo\xC3\xAB <zoe@example.com>\r\nTo: help@example.org\r\nSubject: Where?\r\nMessage-ID: <" +
         std::string(id) + ">\r\n" + std::string(further) + "\r\n" + std::string(text) + "\r\n";
}

std::string envelope(std::string_view to = "help@example.org") {
  return "MAIL FROM:<zoe@example.com>\r\nRCPT TO:<" + std::string(to) + ">\r\n";
}

void hand_over(TestSocket& peer, std::string_view content, std::string_view to = "help@example.org") {
  peer.send(envelope(to) + "DATA\r\n");
  peer.read_until("354");
  peer.read_until("\r\n");
  peer.send(std::string(content) + ".\r\n");
}

TestSocket greeted(Fixture& test) {
  auto peer = TestSocket::connect(test.listener->port());
  peer.read_until("\r\n");
  peer.send("LHLO client.example\r\n");
  peer.read_until("ENHANCEDSTATUSCODES\r\n");
  return peer;
}

TEST_CASE("a mail over LMTP is a message in a conversation") {
  Fixture test;
  auto peer = greeted(test);
  hand_over(peer, mail("one@example.com"));
  CHECK(peer.read_until("\r\n") == "250 2.0.0 Stored\r\n");
  CHECK(test.messages() == 1);
  CHECK(test.text("select subject from conversations") == "Where?");
  CHECK(test.text("select author_name from messages") == "Zo\xC3\xAB");
  CHECK(test.text("select body from messages").starts_with("Hello, where is my lantern?"));
  peer.send("QUIT\r\n");
  CHECK(peer.read_until("\r\n").starts_with("221"));
  CHECK(peer.is_at_end());
}

TEST_CASE("a connection that is cut anywhere, and a client that then comes again, leave every mail once") {
  Fixture test;
  auto session = [](int number) {
    std::string all = "LHLO client.example\r\n";
    for (int i = 0; i < 3; ++i) {
      const auto content = mail(std::to_string(number) + "." + std::to_string(i) + "@example.com");
      all += envelope();
      if (i == 1)
        all += "BDAT " + std::to_string(content.size()) + " LAST\r\n" + content;
      else
        all += "DATA\r\n" + content + ".\r\n";
    }
    return all + "QUIT\r\n";
  };
  // The same number of digits each time, so that each has the same length.
  const auto length = session(1'000).size();
  std::int64_t cuts = 0;
  for (std::size_t at = 0; at < length; at += cut_step(), ++cuts) {
    const auto all = session(1'000 + static_cast<int>(at));
    auto peer = TestSocket::connect(test.listener->port());
    peer.send(std::string_view(all).substr(0, at));
    if (at % 2 == 1) peer.reset();
    peer.close();
    auto again = TestSocket::connect(test.listener->port());
    again.send(all);
    REQUIRE(again.read_until("221 ").find("\r\n4") == std::string::npos);
  }
  CHECK(test.messages() == cuts * 3);
  CHECK(test.count("select count(*) from quarantine") == 0);
  MESSAGE("cut at each of " << length << " bytes");
}

TEST_CASE("what peers were told is counted beside what is stored, and never more than that") {
  Fixture test;
  ToldCounts told;
  test.listener->stop(5'000);
  test.listener =
      LmtpListener::start({test.loop, *test.intake, test.directory, test.clock, test.metrics, &told}, {}, {}).value();
  for (int i = 0; i < 3; ++i) {
    auto peer = greeted(test);
    hand_over(peer, mail(i < 2 ? "one@example.com" : "two@example.com"));
    CHECK(peer.read_until("\r\n").starts_with("250"));
  }
  CHECK(test.messages() == 2);
  REQUIRE(told.flush(*test.database));
  REQUIRE(told.flush(*test.database));
  CHECK(test.count("select told from channel_days where way = 'lmtp'") == 3);
  CHECK(test.count("select stored from channel_days where way = 'lmtp'") == 2);
  CHECK(test.count("select repeated from channel_days where way = 'lmtp'") == 1);
  CHECK(test.count("select refused from channel_days where way = 'lmtp'") == 0);
}

TEST_CASE("one address has so many connections and no more, until it closes one") {
  Fixture test;
  test.listener->stop(5'000);
  LmtpOptions options;
  options.connections_per_peer_max = 2;
  test.listener =
      LmtpListener::start({test.loop, *test.intake, test.directory, test.clock, test.metrics}, options, {}).value();
  auto first = greeted(test);
  {
    auto second = greeted(test);
    auto third = TestSocket::connect(test.listener->port());
    CHECK(third.read_until("\r\n").starts_with("421 4.7.0"));
    CHECK(third.is_at_end());
  }
  bool is_free = false;
  for (int tries = 0; tries < 400 && !is_free; ++tries) {
    is_free = TestSocket::connect(test.listener->port()).read_until("\r\n").starts_with("220");
    if (!is_free) ::poll(nullptr, 0, 5);
  }
  CHECK(is_free);
}

TEST_CASE("one address hands over so many messages within a minute, on all its connections, and the rest later") {
  Fixture test;
  test.listener->stop(5'000);
  LmtpOptions options;
  options.messages_per_peer_max = 2;
  test.listener =
      LmtpListener::start({test.loop, *test.intake, test.directory, test.clock, test.metrics}, options, {}).value();
  auto one = greeted(test);
  auto two = greeted(test);
  const auto begin = [](TestSocket& peer) {
    peer.send("MAIL FROM:<zoe@example.com>\r\n");
    const auto reply = peer.read_until("\r\n");
    peer.send("RSET\r\n");
    peer.read_until("\r\n");
    return reply;
  };
  CHECK(begin(one).starts_with("250"));
  CHECK(begin(two).starts_with("250"));
  CHECK(begin(one) == "451 4.7.0 Too many messages from your address within a minute: try again later\r\n");
  CHECK(begin(two).starts_with("451 4.7.0"));
  CHECK(test.metrics.text().find("answerable_mail_put_off_total 2") != std::string::npos);
  test.clock.advance_ms(60'000);
  CHECK(begin(one).starts_with("250"));
}

TEST_CASE("when room is short the peer is told before it sends, keeps its mail, and has it taken later") {
  Fixture test;
  std::atomic<std::size_t> room = 10'000;
  test.listener->stop(5'000);
  test.intake->stop();
  test.intake = intake::Intake::make(
      {*test.database, *test.blobs, test.directory, test.clock, test.metrics, [&](std::size_t bytes) -> Status {
         if (bytes <= room) return {};
         return fail(ErrorKind::limited, "storage_low", "The disk is nearly full");
       }});
  test.intake->normalise_with("email", normalise_mail_with(test.key));
  REQUIRE(test.intake->start());
  test.listener =
      LmtpListener::start({test.loop, *test.intake, test.directory, test.clock, test.metrics}, {}, {}).value();
  auto peer = greeted(test);
  peer.send("MAIL FROM:<zoe@example.com> SIZE=10001\r\n");
  CHECK(peer.read_until("\r\n") == "452 4.3.1 The disk is nearly full\r\n");
  peer.send("MAIL FROM:<zoe@example.com> SIZE=10000\r\nRSET\r\n");
  CHECK(peer.read_until("\r\n").starts_with("250 2.1.0"));
  peer.read_until("\r\n");
  // Not announced: it is refused at its end, with the same words.
  room = 10;
  hand_over(peer, mail("one@example.com"));
  CHECK(peer.read_until("\r\n").starts_with("452 4.3.1"));
  room = 10'000;
  hand_over(peer, mail("one@example.com"));
  CHECK(peer.read_until("\r\n").starts_with("250 2.0.0"));
  CHECK(test.messages() == 1);
}

TEST_CASE("a mail handed over again because its acknowledgement was lost is there once") {
  Fixture test;
  for (int i = 0; i < 3; ++i) {
    auto peer = greeted(test);
    hand_over(peer, mail("one@example.com"));
    CHECK(peer.read_until("\r\n").starts_with("250 2.0.0"));
  }
  CHECK(test.messages() == 1);
}

TEST_CASE("a mail without a Message-ID that is handed over again much later is there once, dated or not") {
  for (const auto* date : {"", "Date: Tue, 24 Nov 2026 09:00:00 +0000\r\n", "Date: yesterday\r\n"}) {
    Fixture test;
    auto raw = "From: zoe@example.com\r\nTo: help@example.org\r\n" + std::string(date) + "\r\nWhere?\r\n";
    for (int i = 0; i < 3; ++i) {
      auto peer = greeted(test);
      hand_over(peer, raw);
      CHECK(peer.read_until("\r\n").starts_with("250 2.0.0"));
      test.clock.advance_ms(86'400'000);
    }
    CHECK(test.messages() == 1);
    CHECK(test.count("select count(*) from spool") == 1);
  }
}

TEST_CASE("unknown recipients are refused and tagged ones are taken") {
  Fixture test;
  auto peer = greeted(test);
  peer.send(envelope("nobody@example.org"));
  peer.read_until("\r\n");
  CHECK(peer.read_until("\r\n").starts_with("550 5.1.1"));
  peer.send("RSET\r\n");
  peer.read_until("\r\n");
  hand_over(peer, mail("one@example.com"), "help+abc@example.org");
  CHECK(peer.read_until("\r\n").starts_with("250"));
}

TEST_CASE("an answer with our signed token joins its conversation from any address, a forged token does not") {
  Fixture test;
  auto peer = greeted(test);
  hand_over(peer, mail("one@example.com"));
  peer.read_until("\r\n");
  REQUIRE(test.messages() == 1);
  auto conversation = test.database->query([](store::Session& session) {
    return session.find("select id from conversations", {},
                        [](const auto& row) { return row.template id<ConversationId>(0); });
  });
  auto token = mail::make_reply_token(test.key, test.workspace, **conversation);
  auto tagged = *mail::tag_address("help@example.org", token);
  hand_over(peer, mail("two@elsewhere.example", "", "from my other address"), tagged);
  CHECK(peer.read_until("\r\n").starts_with("250"));
  CHECK(test.messages() == 2);
  CHECK(test.count("select count(*) from conversations") == 1);
  tagged[8] = tagged[8] == 'a' ? 'b' : 'a';
  hand_over(peer, mail("three@elsewhere.example", "", "forged"), tagged);
  peer.read_until("\r\n");
  CHECK(test.messages() == 3);
  CHECK(test.count("select count(*) from conversations") == 2);
}

TEST_CASE("a hundred messages pipelined in one go are all acknowledged, in order, and all there") {
  Fixture test;
  auto peer = greeted(test);
  std::string all;
  for (int i = 0; i < 100; ++i) {
    auto content = mail(std::to_string(i) + "@example.com");
    all += envelope() + "BDAT " + std::to_string(content.size()) + " LAST\r\n" + content;
  }
  peer.send(all + "QUIT\r\n");
  auto replies = peer.read_until("221 2.0.0");
  std::size_t stored = 0;
  for (auto at = replies.find("Stored"); at != std::string::npos; at = replies.find("Stored", at + 1)) ++stored;
  CHECK(stored == 100);
  CHECK(test.messages() == 100);
}

TEST_CASE("a connection cut at any byte leaves everything that was acknowledged and nothing twice") {
  Fixture test;
  auto content = mail("cut@example.com");
  auto session = "LHLO c\r\n" + envelope() + "DATA\r\n" + content + ".\r\nQUIT\r\n";
  const auto complete = session.size() - 6;
  for (std::size_t cut = 0; cut < session.size(); cut += cut + 16 < complete ? 7 : 1) {
    auto peer = TestSocket::connect(test.listener->port());
    peer.send(session.substr(0, cut));
    if (cut >= complete) CHECK(peer.read_until("Stored").ends_with("Stored"));
    peer.close();
  }
  CHECK(test.messages() == 1);
}

TEST_CASE("mail of this workspace that comes back is stopped and kept; a made-up mark stops nothing") {
  Fixture test;
  auto peer = greeted(test);
  hand_over(peer, mail("own@example.com", std::string(loop_mark_field) + ": " +
                                              loop_mark(test.key, test.workspace, "own@example.com") + "\r\n"));
  CHECK(peer.read_until("\r\n").starts_with("250"));
  CHECK(test.messages() == 0);
  CHECK(test.text("select reason from quarantine") == "loop_own_mail");
  hand_over(peer, mail("own2@example.com", std::string(loop_mark_field) + ": " + std::string(32, '0') + "\r\n"));
  CHECK(peer.read_until("\r\n").starts_with("250"));
  CHECK(test.messages() == 1);
}

TEST_CASE("large mails in transfer share one memory: what is beyond it is put off, and small mails still come in") {
  Fixture test;
  test.listener->stop(5'000);
  LmtpOptions options;
  options.memory_max = 1UL << 20;
  test.listener =
      LmtpListener::start({test.loop, *test.intake, test.directory, test.clock, test.metrics}, options, {}).value();
  auto begin = [&](std::string_view id, std::size_t size) {
    auto peer = greeted(test);
    peer.send(envelope() + "DATA\r\n");
    peer.read_until("354");
    peer.read_until("\r\n");
    peer.send(mail(id, "", std::string(size, 'x')));
    return peer;
  };
  auto first = begin("large.1@example.com", 800'000);
  auto answer = [](TestSocket& peer) {
    peer.send(".\r\n");
    return peer.read_until("\r\n");
  };
  // Until the first one's bytes have been read the second may have the memory, and the first has none.
  auto second = begin("large.2@example.com", 800'000);
  auto second_answer = answer(second);
  auto small = begin("small@example.com", 1'000);
  CHECK(answer(small) == "250 2.0.0 Stored\r\n");
  auto first_answer = answer(first);
  if (second_answer.starts_with("250")) std::swap(first_answer, second_answer);
  CHECK(first_answer == "250 2.0.0 Stored\r\n");
  CHECK(second_answer == "452 4.3.1 Too much mail comes in at once: try again later\r\n");
  // Nothing is kept of what was put off, and there is room again.
  hand_over(second, mail("large.3@example.com", "", std::string(800'000, 'x')));
  CHECK(second.read_until("\r\n") == "250 2.0.0 Stored\r\n");
  CHECK(test.messages() == 3);
}

TEST_CASE("a mail that comes a byte at a time is cut after a while, one that comes slowly but steadily is not") {
  Fixture test;
  auto trickling = greeted(test);
  trickling.send(envelope() + "DATA\r\n");
  trickling.read_until("354");
  trickling.read_until("\r\n");
  auto steady = greeted(test);
  steady.send(envelope());
  steady.read_until("2.1.5 OK\r\n");
  const auto content = mail("steady@example.com", "", std::string(600UL * 1'024, 'x'));
  steady.send("BDAT " + std::to_string(content.size()) + "\r\n" + content);
  CHECK(steady.read_until("\r\n").starts_with("250"));
  test.clock.advance_ms(299'000);
  trickling.send("x");
  test.clock.advance_ms(2'000);
  trickling.send("x");
  CHECK(trickling.read_until("\r\n").starts_with("421"));
  test.clock.advance_ms(500'000);
  steady.send("BDAT 0 LAST\r\n");
  CHECK(steady.read_until("\r\n") == "250 2.0.0 Stored\r\n");
}

}  // namespace
}  // namespace answerable::channels
