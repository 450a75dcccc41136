// Mailboxes at servers of our own that misbehave, read by the real sources: for hostile_imap_test and
// hostile_pop3_test.
#pragma once

#include <doctest/doctest.h>
#include <poll.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "channels/email/channel_health.h"
#include "channels/email/imap_source.h"
#include "channels/email/normalise_mail.h"
#include "channels/schema.h"
#include "intake/testing.h"

namespace answerable::channels {

template <class Peer, class Source>
struct HostileMailboxes : intake::TestIntake {
  static constexpr int mail_count = 3;  // in each

  struct Mailbox {
    std::unique_ptr<Peer> peer;
    intake::Channel channel;
    std::unique_ptr<Source> source;
  };

  HostileMailboxes() : TestIntake({}, schema()) {
    intake->normalise_with("email", normalise_mail_with(key));
    ensure(intake->start().has_value(), "the intake starts");
    parts.retry_first_ms = parts.retry_last_ms = 1;
    parts.network_timeout_ms = 1'000;
    parts.reach = Reach::private_networks;
  }
  ~HostileMailboxes() {
    forget();
    intake->stop();
  }
  std::string next_name() { return "case-" + std::to_string(++made); }
  std::shared_ptr<ChannelHealth> health() { return std::make_shared<ChannelHealth>(*database, directory); }
  Peer& begin_to_read(std::unique_ptr<Peer> peer, const intake::Channel& channel, std::unique_ptr<Source> source) {
    source->start();
    mailboxes.push_back({std::move(peer), channel, std::move(source)});
    return *mailboxes.back().peer;
  }
  // No longer than a minute; looks every 3 ms.
  template <class F>
  static bool comes_true(F&& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      ::poll(nullptr, 0, 3);
    }
    return true;
  }
  // Of those that are read now. Ids grow, and the mailboxes of before are not read again.
  ChannelId first() const { return mailboxes.front().channel.id; }
  void check_stored_once() {
    intake->wait_until_idle();
    CHECK(count("select count(*) from messages") == std::int64_t{made} * mail_count);
    CHECK(count("select count(*) from spool") == std::int64_t{made} * mail_count);
    CHECK(count("select count(*) from channel_counters where appended <> 3") == 0);
    CHECK(count("select count(*) from quarantine") == 0);
  }
  void forget() {
    for (auto& one : mailboxes) one.source->begin_to_stop();
    mailboxes.clear();
  }

  int made = 0;
  AccessTokens tokens{*database, directory, clock, metrics, {.reach = Reach::private_networks}};
  ImapParts parts{*database, *intake, directory, clock, metrics, tokens, {}};
  std::vector<Mailbox> mailboxes;
};

}  // namespace answerable::channels
