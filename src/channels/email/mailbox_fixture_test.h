// A channel whose mailbox is read by the real sources: for tests with a scripted server, and with Dovecot.
#pragma once

#include <poll.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/ensure.h"
#include "channels/email/mailboxes.h"
#include "channels/email/normalise_mail.h"
#include "channels/schema.h"
#include "intake/testing.h"

namespace answerable::channels {

// What derives from it and owns the server ends with stop(), so that the server outlives who reads it.
struct MailboxFixture : intake::TestIntake {
  MailboxFixture() : TestIntake({}, schema()) {
    intake->normalise_with("email", normalise_mail_with(key));
    ensure(intake->start().has_value(), "the intake starts");
    parts.reach = Reach::private_networks;
  }
  ~MailboxFixture() { stop(); }
  void stop() {
    mailboxes.reset();
    intake->stop();
  }
  void watch_as(const std::string& config, intake::Secrets secrets) {
    channel = add_channel("email", "help@example.org", config, std::move(secrets));
    watch();
  }
  void watch() {
    mailboxes = std::make_unique<Mailboxes>(parts);
    mailboxes->start();
  }
  // Others work for it: looks until it is so, or the patience is at its end.
  bool comes_true(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      ::poll(nullptr, 0, 2);
    }
    return true;
  }
  bool messages_are(std::int64_t expected) {
    return comes_true([&] { return count("select count(*) from messages") >= expected; }) && [&] {
      intake->wait_until_idle();
      return count("select count(*) from messages") == expected;
    }();
  }
  intake::Channel state() { return *directory.find(channel.id); }

  std::chrono::seconds patience{20};
  intake::Channel channel;
  AccessTokens tokens{*database, directory, clock, metrics, {.reach = Reach::private_networks}};
  ImapParts parts{*database, *intake, directory, clock, metrics, tokens, {}};
  std::unique_ptr<Mailboxes> mailboxes;
};

}  // namespace answerable::channels
