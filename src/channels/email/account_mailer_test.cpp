#include "channels/email/account_mailer.h"

#include <doctest/doctest.h>

#include "channels/schema.h"
#include "channels/testing.h"
#include "intake/testing.h"
#include "mail/message.h"

namespace answerable::channels {
namespace {

// A server that takes one mail after another; what it answers to RCPT can be set.
struct Postbox {
  std::vector<std::string> mails;
  std::string to_recipient = "250 ok\r\n";
  ScriptedServer server{[this](TestSocket& peer) {
    peer.send("220 box\r\n");
    while (true) {
      const auto line = peer.read_until("\r\n");
      if (!line.ends_with("\r\n") || line.starts_with("QUIT")) return;
      peer.send(line.starts_with("RCPT") ? to_recipient : line.starts_with("DATA") ? "354 go\r\n" : "250 ok\r\n");
      if (!line.starts_with("DATA")) continue;
      mails.push_back(peer.read_until("\r\n.\r\n"));
      peer.send("250 taken\r\n");
    }
  }};
};

struct Post {
  Postbox box;
  intake::TestIntake at{{}, schema()};
  SmtpCarrierParts smtp{at.directory, *at.blobs, at.key, std::nullopt, "here", 5'000, 5'000, Reach::private_networks};
  AccountMailer mailer{{*at.database, smtp, "link key", "https://desk.example", "no-reply@desk.example"}};

  void use_relay() { smtp.relay = Relay{.server = {"127.0.0.1", box.server.port(), MailSecurity::none, ""}}; }
  void queue(std::string to = "zoe@acme.example") {
    CHECK(at.database->write([&](store::Transaction& tx) {
      return access::queue_account_mail(tx, {.workspace = at.workspace,
                                             .kind = access::LetterKind::password_reset,
                                             .to = to,
                                             .language = "en",
                                             .name = "Zoe\r\nBcc: x@y.example",
                                             .link = access::AccountLinkId::make(at.clock)});
    }));
  }
  void send() { CHECK(mailer.send_due({})); }
  std::int64_t waiting() { return at.count("select count(*) from account_mails"); }
};

TEST_CASE_FIXTURE(Post, "a mail about an account leaves by the relay, once, with its link, and asks for no answer") {
  use_relay();
  CHECK(mailer.can_mail(at.workspace));
  queue();
  send();
  send();
  REQUIRE(box.mails.size() == 1);
  CHECK(waiting() == 0);
  const auto& raw = box.mails[0];
  CHECK(raw.find("From: Answerable <no-reply@desk.example>") != std::string::npos);
  CHECK(raw.substr(0, raw.find("\r\n\r\n")).find("\r\nBcc:") == std::string::npos);
  CHECK(raw.find("Auto-Submitted:") != std::string::npos);
  CHECK(raw.find("desk.example/account/password#") != std::string::npos);
}

TEST_CASE_FIXTURE(Post, "without a relay it leaves by a mail channel of the same workspace, from its address") {
  CHECK(!mailer.can_mail(at.workspace));
  const auto port = std::to_string(box.server.port());
  at.add_channel("email", "help@acme.example",
                 R"({"smtp":{"host":"127.0.0.1","port":)" + port + R"(,"security":"none","user":""}})");
  CHECK(mailer.can_mail(at.workspace));
  CHECK(!mailer.can_mail(WorkspaceId::make(at.clock)));
  queue();
  send();
  REQUIRE(box.mails.size() == 1);
  CHECK(box.mails[0].find("From: Answerable <help@acme.example>") != std::string::npos);
}

TEST_CASE_FIXTURE(Post, "what is put off is tried again, what is refused for good is not") {
  use_relay();
  box.to_recipient = "450 later\r\n";
  queue();
  send();
  CHECK(waiting() == 1);
  send();  // not due
  at.clock.advance_ms(AccountMailer::wait_first_ms);
  box.to_recipient = "250 ok\r\n";
  send();
  CHECK(box.mails.size() == 1);
  box.to_recipient = "550 nobody\r\n";
  queue();
  send();
  CHECK(waiting() == 0);
  CHECK(box.mails.size() == 1);
}

TEST_CASE_FIXTURE(Post, "an address that cannot stand in a mail does not keep others waiting") {
  use_relay();
  queue("not an address");
  queue();
  send();
  CHECK(box.mails.size() == 1);
  CHECK(waiting() == 0);
}

}  // namespace
}  // namespace answerable::channels
