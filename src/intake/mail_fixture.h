// An intake whose mails are lines of four words, for tests of this folder.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>

#include "base/encoding.h"
#include "intake/limits.h"
#include "intake/quarantine.h"
#include "intake/testing.h"

namespace answerable::intake {

// Understands "from|message id|references|text", the first with or without a name, and a few words in the text.
inline Result<InboundMessage> understand(const Arrival& arrival) {
  if (arrival.raw.starts_with("throwing")) throw std::length_error("a string that is too long");
  if (arrival.raw.starts_with("unreadable")) return fail(ErrorKind::invalid, "test_unreadable", "not to be read");
  InboundMessage message;
  std::array<std::string*, 3> fields{&message.from.address, &message.message_id, &message.text};
  std::string references;
  std::size_t at = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    auto end = arrival.raw.find('|', at);
    auto field = arrival.raw.substr(at, end - at);
    at = end == std::string::npos ? arrival.raw.size() : end + 1;
    if (i == 2)
      references = field;
    else
      *fields.at(i == 3 ? 2 : i) = field;
  }
  if (const auto open = message.from.address.find('<'); open != std::string::npos) {
    message.from.name = message.from.address.substr(0, open);
    message.from.address = message.from.address.substr(open + 1, message.from.address.size() - open - 2);
  }
  if (!references.empty()) message.references.push_back(references);
  message.reply_text = message.text;
  message.subject = "A question";
  // Whoever does not say so is proven.
  if (!message.text.starts_with("unproven"))
    message.authentication = {mail::SenderAuthentication::Verdict::pass, {"dkim=pass header.d=example.com"}};
  if (message.text == "with a file")
    message.attachments.push_back({.filename = "a.bin", .content_type = "x/y", .content = "The lottery"});
  if (message.text == "looping") message.received_count = received_count_max + 1;
  if (message.text == "far") message.received_count = received_count_max;
  if (message.text == "own") message.has_own_loop_mark = true;
  if (message.text.starts_with("robot")) message.is_auto_submitted = true;
  return message;
}

struct Fixture : TestIntake {
  explicit Fixture(IntakeLimits limits = {}) : TestIntake(limits), channel(add_channel("email", "help@example.org")) {
    intake->normalise_with("email", understand);
  }
  Arrival mail(std::string raw) {
    Arrival arrival;
    arrival.workspace = workspace;
    arrival.channel = channel.id;
    arrival.channel_kind = "email";
    arrival.external_key = to_hex(as_bytes(sha256(raw)));
    arrival.raw = std::move(raw);
    arrival.envelope_from = "a@example.com";
    arrival.envelope_to = {"help@example.org"};
    arrival.received_at = clock.now();
    return arrival;
  }
  void receive(std::string raw) {
    REQUIRE(accept(mail(std::move(raw))));
    intake->wait_until_idle();
  }
  ChannelStats stats() {
    return database->query([&](store::Session& session) { return channel_stats(session, workspace); })->at(channel.id);
  }
  QuarantinePage quarantine() {
    return *database->query(
        [&](store::Session& session) { return list_quarantine(session, workspace, std::nullopt, 50); });
  }
  std::int64_t messages() { return count("select count(*) from messages"); }
  std::int64_t conversations() { return count("select count(*) from conversations"); }
  Channel channel;
};

}  // namespace answerable::intake
