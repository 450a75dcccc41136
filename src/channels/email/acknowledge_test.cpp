#include "channels/email/acknowledge.h"

#include <doctest/doctest.h>

#include "channels/email/mail_arrival.h"
#include "intake/testing.h"

using namespace answerable;
using namespace answerable::channels;

namespace {

constexpr const char* config =
    R"({"acknowledgement":{"enabled":true,"texts":[{"language":"en","subject":"Here","text":"It is here."},)"
    R"({"language":"fr","subject":"Reçu","text":"C'est reçu."}]}})";

struct Fixture : intake::TestIntake {
  intake::Channel channel = add_channel("email", "help@shop.example", config);

  // `to`: of the envelope; empty: fetched from a mailbox.
  std::optional<intake::Acknowledgement> ask(const std::string& raw, const std::string& language = "en",
                                             const std::string& from = "sami@example.org",
                                             const std::string& to = "help@shop.example") {
    auto arrival = mail_arrival(channel, raw, clock.now());
    arrival.envelope_from = from;
    if (!to.empty()) arrival.envelope_to = {to};
    auto parsed = mail::parse_message(raw);
    parsed.language = language;
    const auto texts = acknowledgement_texts(directory, arrival);
    if (texts.empty()) return std::nullopt;
    return acknowledgement_of(directory, arrival, parsed, mail::SenderAuthentication::Verdict::pass, texts);
  }
  static std::string mail(const std::string& to = "help@shop.example", const std::string& more = "") {
    return more + "From: sami@example.org\r\nTo: " + to + "\r\nSubject: Lamp\r\n\r\nWhere is it?\r\n";
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the text is of the customer's language, or the first") {
  CHECK(ask(mail(), "fr")->subject == "Reçu");
  CHECK(ask(mail(), "de")->subject == "Here");
  CHECK(ask(mail(), "")->text == "It is here.");
  CHECK(ask(mail())->to == "sami@example.org");
}

TEST_CASE_FIXTURE(Fixture, "an address with a tag is the channel's, another channel's is not") {
  add_channel("email", "sales@shop.example");
  CHECK(ask(mail("Help <help+abc@shop.example>")));
  CHECK_FALSE(ask(mail("sales@shop.example")));
  CHECK_FALSE(ask(mail(), "en", "sales@shop.example"));
  CHECK_FALSE(ask(mail(), "en", "sales+abc@shop.example"));
}

TEST_CASE_FIXTURE(Fixture, "of a mailbox the Return-Path is the sender, and without one nobody is told") {
  const std::string path = "Return-Path: <sami.k@example.org>\r\n";
  CHECK(ask(mail("help@shop.example", path), "en", "", "")->to == "sami.k@example.org");
  CHECK_FALSE(ask(mail(), "en", "", ""));
  CHECK_FALSE(ask(mail("help@shop.example", "Return-Path: <>\r\n"), "en", "", ""));
  // By LMTP the envelope counts, whatever the mail says of itself.
  CHECK(ask(mail("help@shop.example", path))->to == "sami@example.org");
}

TEST_CASE_FIXTURE(Fixture, "a channel that says nothing, or is turned off, has no texts") {
  const auto silent = add_channel("email", "silent@shop.example");
  CHECK(acknowledgement_texts(directory, mail_arrival(silent, mail(), clock.now())).empty());
  const auto off =
      add_channel("email", "off@shop.example",
                  R"({"acknowledgement":{"enabled":false,"texts":[{"language":"en","subject":"a","text":"b"}]}})");
  CHECK(acknowledgement_texts(directory, mail_arrival(off, mail(), clock.now())).empty());
}
