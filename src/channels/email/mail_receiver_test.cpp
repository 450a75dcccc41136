#include "channels/email/mail_receiver.h"

#include <doctest/doctest.h>

#include "channels/email/mail_arrival.h"
#include "intake/testing.h"

namespace answerable::channels {
namespace {

TEST_CASE("a mail above the bound goes to the disk, and is the same arrival as one that was in memory") {
  intake::TestIntake test;
  const auto channel = test.add_channel("email", "help@example.org");
  const std::string head = "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\nFrom: zoe@example.com\r\n\r\n";
  for (const std::size_t more : {0, 1}) {
    const auto raw = head + std::string(mail_in_memory_max - head.size() + more, 'x');
    for (const std::size_t piece : {7'777UL, 900'000UL, 2'000'000UL}) {
      MailReceiver receiver(*test.intake);
      for (std::size_t at = 0; at < raw.size(); at += piece) REQUIRE(receiver.append(raw.substr(at, piece)));
      CHECK(receiver.size() == raw.size());
      auto mail = receiver.finish().value();
      CHECK(mail.stored.has_value() == (more == 1));
      const auto arrival = mail_arrival(channel, std::move(mail), test.clock.now());
      const auto whole = mail_arrival(channel, raw, test.clock.now());
      CHECK(arrival.external_key == whole.external_key);
      CHECK(arrival.size() == raw.size());
      REQUIRE(arrival.written_at);
      CHECK(arrival.written_at->ms == whole.written_at->ms);
      CHECK(arrival.source_at->ms == whole.source_at->ms);
      if (more == 1) CHECK(test.blobs->get(arrival.stored_raw->digest).value() == raw);
    }
  }
}

}  // namespace
}  // namespace answerable::channels
