#include "channels/email/smtp_carrier.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "channels/email/normalise_mail.h"
#include "channels/email/smtp_client.h"
#include "channels/schema.h"
#include "channels/testing.h"
#include "intake/testing.h"
#include "mail/message.h"
#include "mail/reply_token.h"

namespace answerable::channels {
namespace {

// An SMTP server whose answer at each step can be set; an empty answer cuts the connection.
struct Sink {
  std::map<std::string, std::string> answers;
  std::string leaves_after;  // this step is answered, then the connection ends without waiting for a command
  std::vector<std::string> commands;
  std::string content;
  ScriptedServer server{[this](TestSocket& peer) { talk(peer); }};

  std::string answer(const std::string& step, std::string usual) {
    auto set = answers.find(step);
    return set == answers.end() ? usual : set->second;
  }
  void talk(TestSocket& peer) {
    auto say = [&](const std::string& step, const std::string& usual) {
      auto text = answer(step, usual);
      if (text.empty()) peer.close();
      peer.send(text);
      if (step == leaves_after) peer.close();
      return !text.empty() && step != leaves_after;
    };
    if (!say("greeting", "220 sink\r\n")) return;
    while (true) {
      auto line = peer.read_until("\r\n");
      if (!line.ends_with("\r\n")) return;
      commands.push_back(line);
      auto verb = line.substr(0, 4);
      if (verb == "QUIT") return peer.send("221 bye\r\n");
      auto of_line = answer(line.substr(0, line.size() - 2), "");
      if (!of_line.empty()) {
        peer.send(of_line);
        continue;
      }
      if (!say(verb, verb == "EHLO"   ? "250-sink\r\n250 SIZE 1000000\r\n"
                     : verb == "DATA" ? "354 go\r\n"
                                      : "250 ok\r\n"))
        return;
      if (verb != "DATA" || answer("DATA", "354").substr(0, 3) != "354") continue;
      content = peer.read_until("\r\n.\r\n");
      if (!say("content", "250 taken\r\n")) return;
    }
  }
  MailServer address() const { return {"127.0.0.1", server.port(), MailSecurity::none, ""}; }
  SmtpOutcome send(std::vector<std::string> to = {"zoe@example.com"}) {
    return send_mail(address(), "", {"help@example.org", std::move(to), "Subject: x\r\n\r\n.dot\r\nend\r\n"},
                     {"here", 5'000, 2'000, "", Reach::anywhere});
  }
};

TEST_CASE("a mail that the server takes is sent, with its dots stuffed") {
  Sink sink;
  auto outcome = sink.send({"zoe@example.com", "yan@example.com"});
  CHECK(outcome.outcome == outbox::Outcome::sent);
  CHECK(outcome.detail.starts_with("250"));
  CHECK(sink.content == "Subject: x\r\n\r\n..dot\r\nend\r\n.\r\n");
}

TEST_CASE("each point of failure has its honest outcome") {
  using outbox::Outcome;
  struct Point {
    std::string step, answer;
    Outcome expected;
  };
  const std::vector<Point> points{
      {"greeting", "", Outcome::retry},
      {"greeting", "421 busy\r\n", Outcome::retry},
      {"greeting", "554 no\r\n", Outcome::retry},
      {"EHLO", "", Outcome::retry},
      {"MAIL", "", Outcome::retry},
      {"MAIL", "451 later\r\n", Outcome::retry},
      {"MAIL", "550 not from you\r\n", Outcome::failed},
      {"RCPT", "", Outcome::retry},
      {"RCPT", "450 greylisted\r\n", Outcome::retry},
      {"RCPT", "550 5.1.1 unknown\r\n", Outcome::failed},
      {"DATA", "", Outcome::retry},
      {"DATA", "451 later\r\n", Outcome::retry},
      {"DATA", "554 no\r\n", Outcome::failed},
      {"content", "", Outcome::unknown},
      {"content", "451 later\r\n", Outcome::retry},
      {"content", "550 spam\r\n", Outcome::failed},
  };
  for (const auto& point : points) {
    CAPTURE(point.step);
    CAPTURE(point.answer);
    Sink sink;
    sink.answers[point.step] = point.answer;
    auto outcome = sink.send();
    CHECK(outcome.outcome == point.expected);
    CHECK_FALSE(outcome.detail.empty());
    if (point.answer.size() > 4) CHECK(outcome.detail == point.answer.substr(0, point.answer.size() - 2));
  }
}

TEST_CASE("of several recipients those whom the server takes get the mail, and it is said what became of each") {
  using outbox::Outcome;
  const std::vector<std::string> to{"ann@x.org", "ben@x.org", "cleo@x.org"};
  struct Given {
    std::string ann, ben, cleo, content;
    Outcome expected;
    std::string results;
  };
  const std::string taken = "250 taken", no = "550 no", later = "450 later";
  const std::vector<Given> all{
      {"", no, "", taken, Outcome::sent, "+\tann@x.org\t250 taken\n-\tben@x.org\t550 no\n+\tcleo@x.org\t250 taken\n"},
      {later, no, "", taken, Outcome::retry, "-\tben@x.org\t550 no\n+\tcleo@x.org\t250 taken\n"},
      {no, no, no, taken, Outcome::failed, "-\tann@x.org\t550 no\n-\tben@x.org\t550 no\n-\tcleo@x.org\t550 no\n"},
      {no, later, no, taken, Outcome::retry, "-\tann@x.org\t550 no\n-\tcleo@x.org\t550 no\n"},
      {later, later, later, taken, Outcome::retry, ""},
      {"", no, "", "", Outcome::unknown, "-\tben@x.org\t550 no\n"},
      {"", later, "", "", Outcome::unknown, ""},
      {"", no, "", "451 busy", Outcome::retry, "-\tben@x.org\t550 no\n"},
      {"", later, "", "554 spam", Outcome::failed,
       "-\tann@x.org\t554 spam\n-\tben@x.org\t554 spam\n-\tcleo@x.org\t554 spam\n"},
      {"", "", "", taken, Outcome::sent, ""},
  };
  for (const auto& given : all) {
    CAPTURE(given.results);
    Sink sink;
    const auto set = [&](const std::string& step, const std::string& answer) {
      if (!answer.empty()) sink.answers[step] = answer + "\r\n";
    };
    set("RCPT TO:<ann@x.org>", given.ann);
    set("RCPT TO:<ben@x.org>", given.ben);
    set("RCPT TO:<cleo@x.org>", given.cleo);
    sink.answers["content"] = given.content.empty() ? "" : given.content + "\r\n";
    auto outcome = sink.send(to);
    CHECK(outcome.outcome == given.expected);
    CHECK(outbox::encode_recipients(outcome.recipients) == given.results);
  }
}

TEST_CASE("a connection that ends before any command has its honest outcome") {
  using outbox::Outcome;
  for (const std::string step : {"greeting", "EHLO", "MAIL", "RCPT"}) {
    CAPTURE(step);
    Sink sink;
    sink.leaves_after = step;
    CHECK(sink.send().outcome == Outcome::retry);
    CHECK(sink.content.empty());
  }
  Sink taken;
  taken.leaves_after = "content";  // the answer came, QUIT has nobody to hear it
  CHECK(taken.send().outcome == Outcome::sent);
}

TEST_CASE("what a server that greylists refuses at first goes out at the next attempt, once") {
  Sink sink;
  sink.answers["RCPT"] = "450 4.2.0 greylisted, come again\r\n";
  CHECK(sink.send().outcome == outbox::Outcome::retry);
  CHECK(sink.content.empty());
  sink.answers.clear();
  CHECK(sink.send().outcome == outbox::Outcome::sent);
  CHECK(std::ranges::count_if(sink.commands, [](auto& line) { return line.starts_with("DATA"); }) == 1);
}

TEST_CASE("after half of the content the mail is tried again, after all of it nobody knows") {
  Sink sink;
  sink.leaves_after = "DATA";
  auto outcome = sink.send().outcome;
  // The system may have taken all of a small mail before it learns that nobody reads it.
  CHECK((outcome == outbox::Outcome::retry || outcome == outbox::Outcome::unknown));
}

bool has_command(const Sink& sink, const std::string& line) {
  return std::ranges::find(sink.commands, line + "\r\n") != sink.commands.end();
}

TEST_CASE("an international domain goes out in its ASCII form to any server") {
  Sink sink;
  CHECK(sink.send({"zoe@b\u00FCcher.example"}).outcome == outbox::Outcome::sent);
  CHECK(has_command(sink, "RCPT TO:<zoe@xn--bcher-kva.example>"));
  for (const auto& command : sink.commands) CHECK_FALSE(command.contains("SMTPUTF8"));
}

TEST_CASE("an address of other letters goes out with SMTPUTF8, where the server offers it") {
  Sink sink;
  sink.answers["EHLO"] = "250-sink\r\n250-SMTPUTF8\r\n250 SIZE 1000000\r\n";
  CHECK(sink.send({"zoe@x.org", "zo\u00EB@b\u00FCcher.example"}).outcome == outbox::Outcome::sent);
  CHECK(has_command(sink, "RCPT TO:<zo\u00EB@xn--bcher-kva.example>"));
  CHECK(std::ranges::any_of(
      sink.commands, [](const auto& line) { return line.starts_with("MAIL FROM:<help@example.org> SMTPUTF8"); }));
}

TEST_CASE("an address of other letters fails for good before MAIL where the server does not offer SMTPUTF8") {
  for (const std::string offers : {"250 sink\r\n", "250-sink\r\n250-SMTPUTF8X\r\n250 8BITMIME SMTPUTF8\r\n",
                                   "250-sink\r\n250 smtputf8\r\n", "502 no\r\n"}) {
    CAPTURE(offers);
    Sink sink;
    sink.answers["EHLO"] = offers;
    const auto outcome = sink.send({"zo\u00EB@x.org"});
    CHECK(outcome.outcome == outbox::Outcome::failed);
    CHECK(outcome.detail.contains("does not offer SMTPUTF8"));
    REQUIRE(outcome.recipients.size() == 1);
    CHECK(outcome.recipients[0].address == "zo\u00EB@x.org");
    for (const auto& command : sink.commands) CHECK_FALSE(command.starts_with("MAIL"));
  }
  Sink sink;  // the recipient still open is ASCII, and the header names another
  auto outcome = send_mail(sink.address(), "", {"help@example.org", {"b@x.org"}, "To: <zo\u00EB@x.org>\r\n\r\nx\r\n"},
                           {"here", 5'000, 2'000, "", Reach::anywhere});
  CHECK(outcome.outcome == outbox::Outcome::failed);
}

TEST_CASE("a server that is not there is tried again") {
  std::uint16_t port = 0;
  {
    Sink sink;
    port = sink.server.port();
  }
  auto outcome = send_mail({"127.0.0.1", port, MailSecurity::none, ""}, "", {"a@x.org", {"b@x.org"}, "x\r\n"},
                           {"here", 2'000, 2'000, "", Reach::anywhere});
  CHECK(outcome.outcome == outbox::Outcome::retry);
}

TEST_CASE("where TLS is asked for nothing is said without it") {
  Sink sink;
  auto server = sink.address();
  server.security = MailSecurity::starttls;
  server.user = "me";
  auto outcome =
      send_mail(server, "secret", {"a@x.org", {"b@x.org"}, "x\r\n"}, {"here", 2'000, 2'000, "", Reach::anywhere});
  CHECK(outcome.outcome == outbox::Outcome::retry);
  for (const auto& command : sink.commands) CHECK_FALSE(command.starts_with("AUTH"));
  CHECK(sink.content.empty());
}

struct Fixture : intake::TestIntake {
  Fixture()
      : TestIntake({}, schema()), channel(add_channel("email", "help@example.org", R"({"from_name":"Lantern Shop"})")) {
    message.workspace = workspace;
    message.channel = channel.id;
    message.conversation = ConversationId::make(clock);
    message.message = MessageId::make(clock);
    message.to = {"zoe@example.com"};
    message.recipient_name = "Zo\xC3\xAB";
    message.subject = "Where?";
    message.text = "It is on its way.\n";
    message.in_reply_to = "one@example.com";
    message.references = {"zero@example.com", "one@example.com"};
    message.created_at = clock.now();
  }
  intake::Channel channel;
  outbox::OutboundMessage message;
  SmtpCarrierParts parts{directory, *blobs, key, std::nullopt, "here", 5'000, 5'000, Reach::private_networks};
};

TEST_CASE("a reply is a proper mail: thread, token in Message-ID and reply address, the same bytes each time") {
  Fixture test;
  SmtpCarrier carrier(test.parts, test.channel.id);
  auto rendered = carrier.render(test.message);
  REQUIRE(rendered);
  CHECK(carrier.render(test.message)->bytes == rendered->bytes);
  auto parsed = mail::parse_message(rendered->bytes);
  CHECK(parsed.message_id == rendered->external_id);
  CHECK(parsed.message_id.starts_with(test.message.message.text() + "."));
  CHECK(parsed.in_reply_to == "one@example.com");
  CHECK(parsed.references.size() == 2);
  CHECK(parsed.subject == "Re: Where?");
  CHECK(parsed.from == mail::Address{"Lantern Shop", "help@example.org"});
  REQUIRE(parsed.reply_to.size() == 1);
  auto token = mail::make_reply_token(test.key, test.workspace, test.message.conversation);
  CHECK(parsed.reply_to[0].address == "help+" + token + "@example.org");
  CHECK(parsed.first_header(loop_mark_field) == loop_mark(test.key, test.workspace, parsed.message_id));
}

TEST_CASE("a reply of plain text leaves with an HTML part that says the same") {
  Fixture test;
  SmtpCarrier carrier(test.parts, test.channel.id);
  test.message.text = "See https://x.org/a.\n<b>not bold</b>\n\n> Where is it?\n";
  auto rendered = carrier.render(test.message);
  REQUIRE(rendered);
  CHECK(rendered->bytes.find("Content-Type: multipart/alternative") != std::string::npos);
  auto parsed = mail::parse_message(rendered->bytes);
  CHECK(parsed.text == "See https://x.org/a.\n<b>not bold</b>\n\n> Where is it?\n");
  CHECK(parsed.html_safe.find("<a href=\"https://x.org/a\"") != std::string::npos);
  CHECK(parsed.html_safe.find("&lt;b&gt;not bold") != std::string::npos);
  CHECK(parsed.html_safe.find("<blockquote") != std::string::npos);
  test.message.html = "<p>mine</p>";
  CHECK(mail::parse_message(carrier.render(test.message)->bytes).html_safe.contains("<p>mine</p>"));
}

TEST_CASE("a subject of several lines injects nothing and a bad recipient is an error") {
  Fixture test;
  SmtpCarrier carrier(test.parts, test.channel.id);
  test.message.subject = "Hi\r\nBcc: victim@example.com";
  auto rendered = carrier.render(test.message);
  REQUIRE(rendered);
  CHECK_FALSE(mail::parse_message(rendered->bytes).first_header("Bcc"));
  test.message.to = {"zoe@example.com\r\nRCPT TO:<victim@example.com>"};
  CHECK_FALSE(carrier.render(test.message));
}

TEST_CASE("the carrier sends the stored bytes through the channel's own server") {
  Fixture test;
  Sink sink;
  intake::ChannelChange change;
  change.config =
      R"({"smtp":{"host":"127.0.0.1","security":"none","port":)" + std::to_string(sink.server.port()) + "}}";
  REQUIRE(test.database->write(
      [&](store::Transaction& tx) { return update_channel(tx, test.directory, test.actor, test.channel.id, change); }));
  SmtpCarrier carrier(test.parts, test.channel.id);
  outbox::Delivery delivery;
  delivery.message = test.message;
  delivery.rendered = carrier.render(test.message)->bytes;
  auto result = carrier.send(delivery);
  CHECK(result.outcome == outbox::Outcome::sent);
  CHECK(sink.content == delivery.rendered + ".\r\n");
}

TEST_CASE("who gets a blind copy gets it, and stands nowhere in the mail") {
  Fixture test;
  Sink sink;
  intake::ChannelChange change;
  change.config =
      R"({"smtp":{"host":"127.0.0.1","security":"none","port":)" + std::to_string(sink.server.port()) + "}}";
  REQUIRE(test.database->write(
      [&](store::Transaction& tx) { return update_channel(tx, test.directory, test.actor, test.channel.id, change); }));
  SmtpCarrier carrier(test.parts, test.channel.id);
  test.message.cc = {"kim@example.com"};
  test.message.bcc = {"boss@secret.example"};
  outbox::Delivery delivery;
  delivery.message = test.message;
  delivery.rendered = carrier.render(test.message)->bytes;
  CHECK_FALSE(delivery.rendered.contains("secret.example"));
  CHECK_FALSE(mail::parse_message(delivery.rendered).first_header("Bcc"));
  CHECK(carrier.send(delivery).outcome == outbox::Outcome::sent);
  auto was_named = [&](const char* address) {
    return std::ranges::any_of(
        sink.commands, [&](const auto& command) { return command.starts_with(std::string("RCPT TO:<") + address); });
  };
  CHECK(was_named("zoe@example.com"));
  CHECK(was_named("kim@example.com"));
  CHECK(was_named("boss@secret.example"));
}

TEST_CASE("without encryption only this machine can be reached") {
  CHECK(read_mail_settings(R"({"smtp":{"host":"127.0.0.1","security":"none"}})"));
  CHECK(read_mail_settings(R"({"smtp":{"host":"localhost","security":"none"}})"));
  CHECK_FALSE(read_mail_settings(R"({"smtp":{"host":"mail.example.org","security":"none"}})"));
  CHECK_FALSE(read_mail_settings(R"({"imap":{"host":"10.0.0.1","security":"none"}})"));
  CHECK(read_mail_settings(R"({"imap":{"host":"mail.example.org"}})")->imap->port == 993);
}

}  // namespace
}  // namespace answerable::channels
