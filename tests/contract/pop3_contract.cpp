// The POP3 source against a real Dovecot.
#include <doctest/doctest.h>
#include <poll.h>

#include <chrono>

#include "channels/email/mailbox_fixture_test.h"
#include "contract/dovecot.h"
#include "intake/completeness.h"

namespace answerable::channels {
namespace {

using contract::Dovecot;

std::string mail(int number) {
  return "From: zoe@example.com\r\nTo: help@example.org\r\nSubject: Mail " + std::to_string(number) +
         "\r\nMessage-ID: <" + std::to_string(number) + "@example.com>\r\n\r\nHello.\r\n.dotted\r\n";
}

struct Fixture : MailboxFixture {
  Fixture() {
    patience = std::chrono::seconds(30);
    parts.retry_first_ms = 10;
    parts.retry_last_ms = 50;
    parts.pop3_poll_ms = 50;
  }
  void open_mailbox(std::uint16_t port, const std::string& security, const std::string& further = "",
                    const std::string& password = "secret") {
    watch_as(R"({"pop3":{"host":"localhost","port":)" + std::to_string(port) + R"(,"security":")" + security +
                 R"(","user":"zoe")" + further + "}}",
             {{"pop3.password", password}});
  }
};

TEST_CASE("what a POP3 mailbox has comes in once, what arrives later too, and nothing is removed") {
  Dovecot dovecot;
  for (int i = 1; i <= 3; ++i) dovecot.save(mail(i));
  Fixture test;
  test.open_mailbox(dovecot.pop3_port, "none");
  CHECK(test.messages_are(3));
  dovecot.expunge(2);
  dovecot.save(mail(4));
  CHECK(test.messages_are(4));
  CHECK(test.comes_true([&] { return test.count("select coalesce(max(stored), 0) from source_checks") == 3; }));
  CHECK(test.count("select count(*) from messages where body like '%' || char(10) || '.dotted%'") == 4);
  CHECK(dovecot.mails() == 3);
}

TEST_CASE("a POP3 server removes what is stored when the channel asks for that") {
  Dovecot dovecot;
  for (int i = 1; i <= 3; ++i) dovecot.save(mail(i));
  Fixture test;
  test.open_mailbox(dovecot.pop3_port, "none", R"(,"after_storing":"delete")");
  CHECK(test.messages_are(3));
  CHECK(test.comes_true([&] { return dovecot.mails() == 0; }));
}

TEST_CASE("a folder whose UIDs are all new is read again by POP3, and nothing is doubled") {
  Dovecot dovecot;
  for (int i = 1; i <= 2; ++i) dovecot.save(mail(i));
  Fixture test;
  test.open_mailbox(dovecot.pop3_port, "none");
  CHECK(test.messages_are(2));
  test.mailboxes.reset();
  dovecot.revalidate(4711);  // Dovecot makes its UIDLs of UIDVALIDITY and UID
  test.mailboxes = std::make_unique<Mailboxes>(test.parts);
  test.mailboxes->start();
  CHECK(test.comes_true(
      [&] { return test.count("select coalesce(sum(repeated), 0) from channel_days where way = 'pop3'") == 2; }));
  CHECK(test.messages_are(2));
}

TEST_CASE("POP3 goes over TLS with a certificate that is trusted and named right, and with no other") {
  Dovecot dovecot;
  dovecot.save(mail(1));
  for (const std::string security : {"tls", "starttls"}) {
    CAPTURE(security);
    const auto port = security == "tls" ? dovecot.pop3s_port : dovecot.pop3_port;
    Fixture trusting;
    trusting.parts.ca_file = dovecot.ca_file();
    trusting.open_mailbox(port, security);
    CHECK(trusting.messages_are(1));
    trusting.mailboxes.reset();
    Fixture strict;
    strict.open_mailbox(port, security);
    CHECK(strict.comes_true([&] { return strict.state().state == intake::ChannelState::failing; }));
    CHECK(strict.state().state_detail.find("certificate") != std::string::npos);
    CHECK(strict.count("select count(*) from messages") == 0);
  }
}

TEST_CASE("a wrong POP3 password shows on the channel") {
  Dovecot dovecot;
  Fixture test;
  test.open_mailbox(dovecot.pop3_port, "none", "", "wrong");
  CHECK(test.comes_true([&] { return test.state().state == intake::ChannelState::failing; }));
  CHECK(test.state().state_detail.find("refuses the sign-in") != std::string::npos);
}

}  // namespace
}  // namespace answerable::channels
