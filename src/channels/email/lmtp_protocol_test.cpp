#include "channels/email/lmtp_protocol.h"

#include <doctest/doctest.h>

#include <map>

#include "channels/email/smtp_reply.h"

namespace answerable::channels {
namespace {

struct Host final : LmtpHost {
  struct Delivered {
    std::uint64_t id;
    MailEnvelope envelope;
    std::string raw;
  };
  Status check_recipient(std::string_view address) override {
    if (address.starts_with("nobody")) return fail(ErrorKind::not_found, "no_such_recipient", "No such recipient here");
    return {};
  }
  void deliver(std::uint64_t id, MailEnvelope envelope, std::string raw) override {
    delivered.push_back({id, std::move(envelope), std::move(raw)});
  }
  bool hold(std::size_t bytes) override {
    held = bytes;
    return bytes <= memory;
  }
  std::vector<Delivered> delivered;
  std::size_t memory = 1UL << 30, held = 0;
};

struct Peer {
  explicit Peer(LmtpOptions options = {}) : protocol(options, host) {
    protocol.open();
    CHECK(take().starts_with("220 "));
  }
  std::string take() { return protocol.take_output(); }
  // Hands over all bytes, as a socket would: what is not consumed is offered again with what follows.
  void send(std::string_view bytes) {
    waiting += bytes;
    waiting.erase(0, protocol.feed(waiting));
  }
  std::string say(std::string_view bytes) {
    send(bytes);
    return take();
  }
  void open_transaction(int recipients = 1) {
    send("LHLO client\r\nMAIL FROM:<a@example.com>\r\n");
    for (int i = 0; i < recipients; ++i) send("RCPT TO:<support" + std::to_string(i) + "@example.org>\r\n");
    take();
  }
  void settle_all() {
    for (; settled < host.delivered.size(); ++settled)
      protocol.settle(host.delivered[settled].id, std::vector<Status>(host.delivered[settled].envelope.to.size()));
  }
  Host host;
  LmtpProtocol protocol;
  std::string waiting;
  std::size_t settled = 0;
};

const std::string mail = "Subject: hello\r\n\r\nline\r\n..dotted\r\nend\r\n";

TEST_CASE("a message is acknowledged for each recipient, and only after it is stored") {
  Peer peer;
  auto hello = peer.say("LHLO client.example\r\n");
  for (auto keyword : {"PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 52428800", "CHUNKING", "ENHANCEDSTATUSCODES"})
    CHECK(hello.find(keyword) != std::string::npos);
  CHECK(peer.say("MAIL FROM:<a@example.com> SIZE=100 BODY=8BITMIME SMTPUTF8\r\n") == "250 2.1.0 OK\r\n");
  CHECK(peer.say("RCPT TO:<support@example.org>\r\n") == "250 2.1.5 OK\r\n");
  CHECK(peer.say("RCPT TO:<nobody@example.org>\r\n").starts_with("550 5.1.1 "));
  CHECK(peer.say("RCPT TO:<sales@example.org>\r\n") == "250 2.1.5 OK\r\n");
  CHECK(peer.say("DATA\r\n").starts_with("354 "));
  CHECK(peer.say(mail + ".\r\n").empty());
  REQUIRE(peer.host.delivered.size() == 1);
  CHECK(peer.host.delivered[0].raw == "Subject: hello\r\n\r\nline\r\n.dotted\r\nend\r\n");
  CHECK(peer.host.delivered[0].envelope.from == "a@example.com");
  CHECK(peer.host.delivered[0].envelope.to == std::vector<std::string>{"support@example.org", "sales@example.org"});
  peer.protocol.settle(1, {Status{}, fail(ErrorKind::unavailable, "x")});
  auto replies = peer.take();
  CHECK(replies.starts_with("250 2.0.0 Stored\r\n451 4.3.0 "));
}

TEST_CASE(
    "every way to cut the bytes of a session gives the same result, and a cut session acknowledges nothing that is not "
    "stored") {
  const std::string session =
      "LHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<s@example.org>\r\nDATA\r\n" + mail +
      ".\r\nMAIL FROM:<b@example.com>\r\nRCPT TO:<s@example.org>\r\nBDAT 4\r\nabcdBDAT 3 LAST\r\nx\r\nQUIT\r\n";
  for (std::size_t cut = 0; cut <= session.size(); ++cut) {
    Peer peer;
    peer.send(session.substr(0, cut));
    CHECK(peer.take().find("Stored") == std::string::npos);
    auto before = peer.host.delivered.size();
    peer.settle_all();
    auto replies = peer.take();
    std::size_t stored = 0;
    for (auto at = replies.find("Stored"); at != std::string::npos; at = replies.find("Stored", at + 1)) ++stored;
    CHECK(stored == before);
    peer.send(session.substr(cut));
    peer.settle_all();
    REQUIRE(peer.host.delivered.size() == 2);
    CHECK(peer.host.delivered[0].raw == "Subject: hello\r\n\r\nline\r\n.dotted\r\nend\r\n");
    CHECK(peer.host.delivered[1].raw == "abcdx\r\n");
    CHECK(peer.protocol.wants_close());
  }
}

TEST_CASE("only CR LF dot CR LF ends a message, so nothing can be smuggled in") {
  const std::vector<std::string> fakes{"\n.\n",   "\r.\r",   "\n.\r\n",   "\r\n.\n",
                                       "\r\n.\r", "\r.\r\n", "\n\n.\r\n", "\r\r\n.\r\r\n"};
  for (const auto& fake : fakes) {
    CAPTURE(fake);
    Peer peer;
    peer.open_transaction();
    peer.send("DATA\r\n");
    peer.take();
    auto smuggled = "first" + fake + "MAIL FROM:<evil@example.com>";
    peer.send(smuggled);
    CHECK(peer.host.delivered.empty());
    peer.send("\r\n.\r\n");
    REQUIRE(peer.host.delivered.size() == 1);
    CHECK(peer.host.delivered[0].raw.ends_with("MAIL FROM:<evil@example.com>\r\n"));
  }
}

TEST_CASE("a command that ends in a bare LF is refused") {
  Peer peer;
  CHECK(peer.say("LHLO c\n").starts_with("500 5.5.2 "));
  CHECK(peer.say("MAIL FROM:<a@example.com>\n").starts_with("500 5.5.2 "));
}

TEST_CASE("a pipelining client has many messages in flight and the replies keep their order") {
  Peer peer;
  peer.send("LHLO c\r\n");
  peer.take();
  for (int i = 0; i < 3; ++i)
    peer.send("MAIL FROM:<a@x.org>\r\nRCPT TO:<s@x.org>\r\nBDAT 2 LAST\r\n" + std::to_string(i) + "\n");
  REQUIRE(peer.host.delivered.size() == 3);
  peer.take();
  peer.protocol.settle(3, {Status{}});
  peer.protocol.settle(2, {fail(ErrorKind::limited, "intake_full")});
  CHECK(peer.take().empty());
  peer.protocol.settle(1, {Status{}});
  auto replies = peer.take();
  CHECK(replies.starts_with("250 2.0.0 Stored\r\n250 2.1.0"));
  CHECK(replies.find("452 4.3.1") < replies.rfind("250 2.0.0 Stored"));
}

TEST_CASE("when as many messages wait as may, nothing more is read until one is stored") {
  LmtpOptions options;
  options.in_flight_max = 2;
  Peer peer(options);
  peer.send("LHLO c\r\n");
  for (int i = 0; i < 3; ++i) peer.send("MAIL FROM:<a@x.org>\r\nRCPT TO:<s@x.org>\r\nBDAT 1 LAST\r\nx");
  CHECK(peer.host.delivered.size() == 2);
  CHECK(peer.protocol.is_waiting());
  CHECK_FALSE(peer.waiting.empty());
  peer.protocol.settle(1, {Status{}});
  CHECK_FALSE(peer.protocol.is_waiting());
  peer.send("");
  CHECK(peer.host.delivered.size() == 3);
}

TEST_CASE("a message of exactly the greatest size is taken, one byte more is refused") {
  LmtpOptions options;
  options.message_bytes_max = 10;
  for (bool chunked : {false, true}) {
    for (std::size_t size : {8U, 9U}) {
      Peer peer(options);
      peer.open_transaction(2);
      auto content = std::string(size, 'x') + "\r\n";
      peer.send(chunked ? "BDAT " + std::to_string(content.size()) + " LAST\r\n" + content
                        : "DATA\r\n" + content + ".\r\n");
      CHECK(peer.host.delivered.size() == (size == 8 ? 1 : 0));
      auto replies = peer.take();
      CHECK((replies.find("552 5.3.4") != std::string::npos) == (size == 9));
      peer.settle_all();
      peer.take();
      CHECK(peer.say("NOOP\r\n").starts_with("250 "));
    }
  }
  Peer peer(options);
  CHECK(peer.say("LHLO c\r\nMAIL FROM:<a@x.org> SIZE=10\r\n").ends_with("250 2.1.0 OK\r\n"));
  CHECK(peer.say("RSET\r\nMAIL FROM:<a@x.org> SIZE=11\r\n").find("552 5.3.4") != std::string::npos);
}

TEST_CASE("a hundred recipients are taken and the next one is put off") {
  Peer peer;
  peer.open_transaction(100);
  CHECK(peer.say("RCPT TO:<one.more@example.org>\r\n").starts_with("452 4.5.3"));
  peer.send("DATA\r\nx\r\n.\r\n");
  REQUIRE(peer.host.delivered.size() == 1);
  CHECK(peer.host.delivered[0].envelope.to.size() == 100);
}

TEST_CASE("command lines have a bound: 512 bytes, 2,000 with the parameters of extensions") {
  Peer peer;
  auto noop = [](std::size_t size) { return "NOOP " + std::string(size - 7, 'x') + "\r\n"; };
  CHECK(peer.say(noop(512)).starts_with("250 "));
  CHECK(peer.say(noop(513)).starts_with("500 5.5.6"));
  CHECK(peer.say(noop(2'001)).starts_with("500 5.5.6"));
  CHECK(peer.say(std::string(300'000, 'y')).empty());
  CHECK(peer.say("\r\nNOOP\r\n").ends_with("250 2.0.0 OK\r\n"));
  auto with_parameters = "MAIL FROM:<" + std::string(800, 'x') + "@x.org> SMTPUTF8\r\n";
  CHECK(peer.say("LHLO c\r\n" + with_parameters).ends_with("250 2.1.0 OK\r\n"));
}

TEST_CASE("the twenty-first error ends the connection") {
  Peer peer;
  for (int i = 0; i < 20; ++i) CHECK(peer.say("BOGUS\r\n").starts_with("500"));
  CHECK_FALSE(peer.protocol.wants_close());
  CHECK(peer.say("BOGUS\r\n").find("421 4.7.0") != std::string::npos);
  CHECK(peer.protocol.wants_close());
}

TEST_CASE("commands out of order are refused") {
  Peer peer;
  CHECK(peer.say("MAIL FROM:<a@x.org>\r\n").starts_with("503"));
  CHECK(peer.say("EHLO c\r\n").starts_with("500"));
  CHECK(peer.say("LHLO c\r\nRCPT TO:<s@x.org>\r\n").find("503 5.5.1") != std::string::npos);
  CHECK(peer.say("DATA\r\n").starts_with("503"));
  CHECK(peer.say("MAIL FROM:<a@x.org>\r\nRCPT TO:<nobody@x.org>\r\nDATA\r\n").find("503 5.5.1 No recipient") !=
        std::string::npos);
  CHECK(peer.say("BDAT 5 LAST\r\nNOOP!NOOP\r\n") == "503 5.5.1 No recipient was accepted\r\n250 2.0.0 OK\r\n");
  CHECK(peer.say("RCPT TO:<s@x.org>\r\nBDAT 1\r\nxDATA\r\n").find("503 5.5.1 BDAT") != std::string::npos);
  CHECK(peer.say("STARTTLS\r\n").starts_with("503"));
}

TEST_CASE("SMTP mode answers a message once for all recipients, with the failure when there is one") {
  LmtpOptions options;
  options.is_smtp = true;
  Peer peer(options);
  CHECK(peer.say("LHLO c\r\n").starts_with("500"));
  peer.send("EHLO c\r\nMAIL FROM:<a@x.org>\r\nRCPT TO:<s@x.org>\r\nRCPT TO:<t@x.org>\r\nDATA\r\nx\r\n.\r\n");
  peer.take();
  peer.protocol.settle(1, {Status{}, fail(ErrorKind::unavailable, "database_unavailable")});
  CHECK(peer.take().starts_with("451 4.3.0"));
}

TEST_CASE("after STARTTLS the session starts over, and what came early is not read as commands") {
  LmtpOptions options;
  options.offers_starttls = true;
  Peer peer(options);
  CHECK(peer.say("LHLO c\r\n").find("STARTTLS") != std::string::npos);
  CHECK(peer.say("STARTTLS\r\nMAIL FROM:<evil@x.org>\r\n") == "220 2.0.0 Go ahead\r\n");
  CHECK(peer.protocol.take_wants_tls());
  peer.waiting.clear();
  peer.protocol.on_tls();
  CHECK(peer.say("MAIL FROM:<a@x.org>\r\n").starts_with("503"));
  CHECK(peer.say("LHLO c\r\n").find("STARTTLS") == std::string::npos);
}

TEST_CASE("each kind of error has its reply, and our own mistakes never make the peer drop a message") {
  auto code = [](ErrorKind kind, std::string_view name = "x") {
    return smtp_reply(Error{kind, std::string(name), ""}).code;
  };
  CHECK(code(ErrorKind::unavailable) == 451);
  CHECK(code(ErrorKind::limited) == 452);
  CHECK(code(ErrorKind::limited, "storage_full") == 452);
  CHECK(code(ErrorKind::limited, "message_too_large") == 552);
  CHECK(code(ErrorKind::internal) == 451);
  CHECK(code(ErrorKind::suspended) == 450);
  CHECK(code(ErrorKind::not_found) == 550);
  CHECK(to_line(smtp_reply(Error{ErrorKind::limited, "x", "a\r\n250 ok"})) == "452 4.3.1 a??250 ok\r\n");
}

TEST_CASE("paths with quoted local parts, source routes and UTF-8 are read") {
  CHECK(parse_smtp_command("MAIL FROM:<\"a > b\"@x.org> SIZE=1")->path == "\"a > b\"@x.org");
  CHECK(parse_smtp_command("RCPT TO:<@a.org,@b.org:c@d.org>")->path == "c@d.org");
  CHECK(parse_smtp_command("mail from: <\xC3\xA4@x.org>")->path == "\xC3\xA4@x.org");
  CHECK_FALSE(parse_smtp_command("MAIL FROM:<\xFF@x.org>"));
  CHECK_FALSE(parse_smtp_command("MAIL FROM:a@x.org"));
  CHECK_FALSE(parse_smtp_command("BDAT x"));
  CHECK_FALSE(parse_smtp_command("BDAT 99999999999999999999999"));
}

TEST_CASE("a message for which there is no memory is read to its end and put off, in chunks too") {
  Peer peer;
  peer.host.memory = 30;
  peer.open_transaction(2);
  peer.say("DATA\r\n");
  const std::string put_off = "452 4.3.1 Too much mail comes in at once: try again later\r\n";
  CHECK(peer.say(mail + ".\r\n") == put_off + put_off);
  CHECK(peer.host.held == 0);
  peer.open_transaction();
  CHECK(peer.say("BDAT 40\r\n" + std::string(40, 'x')).starts_with("250"));
  CHECK(peer.say("BDAT 5 LAST\r\nabcde") == put_off);
  CHECK(peer.host.delivered.empty());
  peer.open_transaction();
  CHECK(peer.say("BDAT 5 LAST\r\nabcde").empty());
  CHECK(peer.host.delivered.size() == 1);
  CHECK(peer.host.held == 0);
}

}  // namespace
}  // namespace answerable::channels
