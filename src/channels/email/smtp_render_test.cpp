// What a reply looks like when it leaves: signature, quote, pictures.
#include <doctest/doctest.h>

#include "channels/email/smtp_carrier.h"
#include "channels/schema.h"
#include "intake/testing.h"
#include "mail/dkim.h"
#include "mail/dkim_key.h"
#include "mail/message.h"
#include "mail/reply_text.h"

namespace answerable::channels {
namespace {

struct Desk : intake::TestIntake {
  explicit Desk(const std::string& config = "{}", const intake::Secrets& secrets = {},
                const std::string& address = "help@example.org")
      : TestIntake({}, schema()), channel(add_channel("email", address, config, secrets)) {
    message.workspace = workspace;
    message.channel = channel.id;
    message.conversation = ConversationId::make(clock);
    message.message = MessageId::make(clock);
    message.to = {"zoe@example.com"};
    message.subject = "Where?";
    message.text = "It is on its way.";
    message.created_at = clock.now();
    message.quoted =
        outbox::QuotedMessage{.author_name = "Zo\u00EB",
                              .from_address = "zoe@example.com",
                              .sent_at = clock.now(),
                              .text = "Wo ist meine Bestellung? Ich warte schon seit einer Woche darauf.\n",
                              .language = ""};
  }
  mail::ParsedMessage read() { return mail::parse_message(render()); }
  std::string render() {
    auto rendered = SmtpCarrier(parts, channel.id).render(message);
    if (!rendered) FAIL(rendered.error().detail);
    return rendered->bytes;
  }
  intake::Channel channel;
  outbox::OutboundMessage message;
  SmtpCarrierParts parts{directory, *blobs, key, std::nullopt, "here", 5'000, 5'000, Reach::private_networks};
};

TEST_CASE("a reply quotes what it answers, in the language of that, and says nothing else") {
  Desk test;
  const auto mail = test.read();
  CHECK(mail.text ==
        "It is on its way.\n\nAm 14.11.2023 schrieb Zo\u00EB <zoe@example.com>:\n> Wo ist meine Bestellung? Ich warte "
        "schon seit einer Woche darauf.\n");
  CHECK(mail.reply_text == "It is on its way.");
  CHECK(mail.html_safe.contains("<blockquote type=\"cite\" dir=\"auto\"><p dir=\"auto\">Wo ist"));
  test.message.quoted->language = "fr";
  CHECK(test.read().text.contains("a \u00E9crit :"));
  test.message.html = "<p>mine</p>";
  CHECK(test.read().html.contains("<p>mine</p><p dir=\"auto\">Le 14/11/2023"));
  test.message.quoted.reset();
  CHECK(test.read().text == "It is on its way.\n");
}

TEST_CASE("a channel that does not quote sends the answer alone") {
  Desk test(R"({"quote_replies":false})");
  CHECK(test.read().text == "It is on its way.\n");
}

TEST_CASE("a channel that signs sends mail that verifies, the same bytes each time") {
  const auto key = mail::DkimKey::make(mail::DkimAlgorithm::ed25519);
  Desk test(R"({"dkim":{"selector":"k1"}})", {{std::string(dkim_key_name), key.pem()}}, "help@B\u00FCcher.example");
  const auto raw = test.render();
  CHECK(raw == test.render());
  CHECK(raw.starts_with("DKIM-Signature: v=1; a=ed25519-sha256;"));
  const auto results = mail::verify_dkim(mail::split_raw(raw), [&](const std::string& name) {
    CHECK(name == "k1._domainkey.xn--bcher-kva.example");
    return mail::DnsText{mail::DnsText::Outcome::found, {key.record()}};
  });
  REQUIRE(results.size() == 1);
  CHECK(results[0].outcome == mail::DkimResult::Outcome::pass);
}

TEST_CASE("a channel that should sign and cannot sends nothing, and says what to do") {
  for (const auto& secrets : {intake::Secrets{}, intake::Secrets{{std::string(dkim_key_name), "no key"}}}) {
    Desk test(R"({"dkim":{"selector":"k1"}})", secrets);
    const auto rendered = SmtpCarrier(test.parts, test.channel.id).render(test.message);
    REQUIRE_FALSE(rendered);
    CHECK(rendered.error().kind == ErrorKind::unavailable);
    CHECK(rendered.error().detail.contains("make a new one"));
  }
  CHECK_FALSE(read_mail_settings(R"({"dkim":{"selector":"K 1"}})"));
  CHECK_FALSE(read_mail_settings(R"({"dkim":{}})"));
}

TEST_CASE("a picture that the text names stands there in HTML, and by its name in plain text") {
  Desk test;
  const std::string bytes = "\x89PNG\r\n\x1a\n, a picture";
  auto stored = test.blobs->put(bytes);
  REQUIRE(stored);
  test.message.text = "Press here: [knob.png]\nThen wait.";
  test.message.attachments = {
      {.filename = "knob.png",
       .content_type = "image/png",
       .size = static_cast<std::int64_t>(bytes.size()),
       .blob = stored->digest,
       .content_id = "1@inline"},
      {.filename = "more.png", .content_type = "image/png", .blob = stored->digest, .content_id = ""}};
  const auto raw = test.render();
  CHECK(raw.contains("multipart/related"));
  const auto mail = mail::parse_message(raw);
  CHECK(mail.reply_text == "Press here: [knob.png]\nThen wait.");
  CHECK(mail.html.contains("Press here: <img src=\"cid:1@inline\" alt=\"knob.png\"><br>Then wait."));
  REQUIRE(mail.attachments.size() == 2);
  CHECK(mail.attachments[0].content_id == "1@inline");
  CHECK(mail.attachments[0].disposition == "inline");
  CHECK(mail.attachments[0].content == bytes);
  CHECK(mail.attachments[1].disposition == "attachment");
}

TEST_CASE("pictures of formatted text leave with their addresses, those that come along and those elsewhere") {
  Desk test;
  test.message.html = "<p><img data-cid=\"1@forwarded\"><img data-remote-src=\"https://shop.example/a.png\"></p>";
  CHECK(test.read().html.contains("<p><img src=\"cid:1@forwarded\"><img src=\"https://shop.example/a.png\"></p>"));
}

TEST_CASE("a personal reply is no mailing: it says nothing of unsubscribing") {
  Desk test;
  CHECK_FALSE(test.read().first_header("List-Unsubscribe"));
  CHECK_FALSE(test.read().first_header("Precedence"));
}

}  // namespace
}  // namespace answerable::channels
