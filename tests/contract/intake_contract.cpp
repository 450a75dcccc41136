// Intake, mail and web chat on both engines: the circle of a message, from a customer to an agent and back.
#include <doctest/doctest.h>

#include "channels/testing.h"
#include "contract/desk.h"
#include "contract/lossy_line.h"
#include "conversations/send_reply.h"
#include "intake/quarantine.h"
#include "mail/message.h"

using namespace answerable;
using contract::Desk;

namespace {

// Takes every mail, and keeps the last one.
struct Sink {
  std::string content;
  channels::ScriptedServer server{[this](channels::TestSocket& peer) {
    peer.send("220 sink\r\n");
    for (auto line = peer.read_until("\r\n"); line.ends_with("\r\n"); line = peer.read_until("\r\n")) {
      peer.send(line.starts_with("DATA") ? "354 go\r\n" : line.starts_with("QUIT") ? "221 bye\r\n" : "250 ok\r\n");
      if (line.starts_with("QUIT")) return;
      if (!line.starts_with("DATA")) continue;
      content = peer.read_until("\r\n.\r\n");
      peer.send("250 taken\r\n");
    }
  }};
};

std::string letter(std::string_view from, std::string_view id, std::string_view further, std::string_view text) {
  return "From: " + std::string(from) + "\r\nTo: help@example.org\r\nSubject: Where?\r\nMessage-ID: <" +
         std::string(id) + ">\r\n" + std::string(further) + "\r\n" + std::string(text) + "\r\n";
}

std::string bounce_of(std::string_view message_id) {
  return "From: MAILER-DAEMON@mx.example.com\r\nTo: help@example.org\r\nSubject: Undelivered Mail\r\nMessage-ID: "
         "<dsn@mx.example.com>\r\n"
         "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
         "--b\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n"
         "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
         "Final-Recipient: rfc822; zoe@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 "
         "5.1.1 unknown\r\n\r\n"
         "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <" +
         std::string(message_id) + ">\r\nSubject: Re: Where?\r\n\r\n--b--\r\n";
}

}  // namespace

TEST_CASE(
    "a mail comes in, is answered by mail, and the answer to that finds its conversation; a bounce closes the "
    "delivery") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Desk desk(bed);
    Sink sink;
    auto channel = desk.add_channel(
        "email", "help@example.org",
        R"({"smtp":{"host":"127.0.0.1","security":"none","port":)" + std::to_string(sink.server.port()) + "}}");
    desk.arrive(channel, letter("Zoe <zoe@example.com>", "one@example.com", "", "Where is it?"));
    auto conversation = desk.only_conversation();
    auto replied = bed.db().write([&](store::Transaction& tx) {
      return conversations::send_reply(tx, desk.actor,
                                       {.conversation = conversation, .text = "On its way.", .undo_seconds = 0});
    });
    REQUIRE_MESSAGE(replied.has_value(), replied.error().code);
    CHECK(desk.dispatcher->run_once().value() == 1);
    auto sent = mail::parse_message(sink.content);
    CHECK(sent.in_reply_to == "one@example.com");
    CHECK(desk.count("select count(*) from deliveries") == 1);
    const auto in_reply = "In-Reply-To: <" + sent.message_id + ">\r\n";
    desk.arrive(channel, letter("zoe@example.com", "two@example.com", in_reply, "Thanks"));
    CHECK(desk.count("select count(*) from conversations") == 1);
    CHECK(desk.count("select message_count from conversations") == 3);
    desk.arrive(channel,
                letter("other@elsewhere.example", "two@elsewhere.example", in_reply, "It was forwarded to me"));
    CHECK(desk.count("select count(*) from conversations") == 2);
    desk.arrive(channel, bounce_of(sent.message_id));
    CHECK(desk.stats(channel).bounces == 1);
    CHECK(desk.stats(channel).appended == 3);
    CHECK(desk.stats(channel).received == 4);
  });
}

TEST_CASE("arrivals are stored once, settled once, quarantined and replayed on both engines") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Desk desk(bed);
    auto channel = desk.add_channel("email", "help@example.org", "{}");
    auto one = letter("zoe@example.com", "one@example.com", "", "hello");
    desk.arrive(channel, one);
    desk.arrive(channel, one);
    desk.arrive(channel, "Received: from elsewhere\r\n" + one);
    CHECK(desk.stats(channel).appended == 1);
    CHECK(desk.stats(channel).duplicates == 1);
    std::string trace;
    for (int i = 0; i <= intake::received_count_max; ++i)
      trace += "Received: from a by b; Tue, 24 Nov 2026 02:00:00 +0000\r\n";
    desk.arrive(channel, letter("zoe@example.com", "loop@example.com", trace, "round and round"));
    CHECK(desk.stats(channel).loops == 1);
    auto page = bed.db().query(
        [&](store::Session& session) { return intake::list_quarantine(session, desk.workspace, std::nullopt, 10); });
    REQUIRE(page);
    REQUIRE(page->items.size() == 1);
    REQUIRE(desk.intake->replay(desk.actor, page->items[0].id));
    desk.intake->wait_until_idle();
    CHECK(desk.stats(channel).appended == 2);
    CHECK(desk.stats(channel).received == 3);
    CHECK(desk.count("select count(*) from spool_pending") == 0);
  });
}

TEST_CASE("a visitor writes, is answered in his transcript, and has seen it, on both engines") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Desk desk(bed);
    auto channel = desk.add_channel("webchat", "", R"({"allowed_origins":["*"]})");
    auto visitor = desk.chat.open_session(channel, "", "", "192.0.2.1");
    REQUIRE(visitor);
    auto file = desk.chat.upload(visitor->session, {"a.txt", "text/plain", "content"}, "192.0.2.1");
    REQUIRE(file);
    for (int i = 0; i < 2; ++i) {
      std::promise<std::int64_t> seq;
      desk.chat.receive(
          visitor->session, {"c-1", "hello", {file->id}}, nullptr, "192.0.2.1",
          [&](Result<channels::webchat::Numbered> numbered) { seq.set_value(numbered ? numbered->seq : -1); });
      CHECK(seq.get_future().get() == 1);
    }
    desk.intake->wait_until_idle();
    CHECK(desk.stats(channel).appended == 1);
    auto conversation = desk.only_conversation();
    auto replied = bed.db().write([&](store::Transaction& tx) {
      return conversations::send_reply(tx, desk.actor,
                                       {.conversation = conversation, .text = "Hi!", .undo_seconds = 0});
    });
    REQUIRE_MESSAGE(replied.has_value(), replied.error().code);
    CHECK(desk.dispatcher->run_once().value() == 1);
    auto transcript = desk.chat.load(visitor->session, 0);
    REQUIRE(transcript);
    REQUIRE(transcript->messages.size() == 2);
    CHECK(transcript->messages[0].files.size() == 1);
    CHECK(transcript->messages[1].text == "Hi!");
    CHECK(desk.chat.seen(visitor->session, 2));
    CHECK(desk.chat.seen(visitor->session, 2));
    CHECK(desk.chat.open_session(channel, visitor->token, "", "192.0.2.1")->session.visitor() ==
          visitor->session.visitor());
  });
}

TEST_CASE("a mail of which nobody knows whether it was stored is looked for, and is there once when it comes again") {
  contract::on_lossy_postgres(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed, contract::LossyLine& line) {
    Desk desk(bed);
    const auto channel = desk.add_channel("email", "help@example.org", "{}");
    const auto one = letter("zoe@example.com", "one@example.com", "", "hello");
    line.lose_answer_to_commit();
    CHECK(desk.accepted(channel, one).error().code == "commit_unknown");
    CHECK(desk.count("select count(*) from messages") == 1);  // the sender was told to try again, but it is here
    CHECK(desk.accepted(channel, one));
    CHECK(desk.count("select count(*) from messages") == 1);
    CHECK(desk.count("select count(*) from spool_pending") == 0);
  });
}

TEST_CASE("a reply whose claim or begin was committed and not answered leaves with the next look, once") {
  contract::on_lossy_postgres(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed, contract::LossyLine& line) {
    Desk desk(bed);
    Sink sink;
    const auto channel = desk.add_channel(
        "email", "help@example.org",
        R"({"smtp":{"host":"127.0.0.1","security":"none","port":)" + std::to_string(sink.server.port()) + "}}");
    desk.arrive(channel, letter("zoe@example.com", "one@example.com", "", "hello"));
    auto reply = [&] {
      REQUIRE(bed.db().write([&](store::Transaction& tx) {
        return conversations::send_reply(tx, desk.actor,
                                         {.conversation = desk.only_conversation(), .text = "Yes.", .undo_seconds = 0});
      }));
    };
    for (const int step : {1, 2}) {  // claim, begin
      CAPTURE(step);
      reply();
      line.lose_answer_to_commit(step - 1);
      (void)desk.dispatcher->run_once();
      (void)desk.dispatcher->run_once();
      CHECK(desk.count("select count(*) from deliveries where state = 10") == step);
    }
  });
}
