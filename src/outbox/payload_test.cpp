#include "outbox/payload.h"

#include <doctest/doctest.h>

#include "outbox/backoff.h"

using namespace answerable;
using namespace answerable::outbox;

TEST_CASE("a payload is read back as it was written, and damaged ones are refused") {
  FakeClock clock;
  OutboundMessage message;
  message.workspace = WorkspaceId::make(clock);
  message.channel = ChannelId::make(clock);
  message.conversation = ConversationId::make(clock);
  message.message = MessageId::make(clock);
  message.to = {"a@x", "b@x"};
  message.cc = {"c@x"};
  message.bcc = {"d@x", "e@x"};
  message.references = {"1@x", ""};
  message.text = std::string(300, 'x') + "\0y";
  message.attachments = {{.filename = "f", .content_type = "t/s", .size = 70'000, .blob = sha256("blob")}};
  message.auto_submitted = true;
  message.created_at = clock.now();
  message.attachments[0].content_id = "1@x";
  message.quoted = QuotedMessage{
      .author_name = "Anna", .from_address = "a@x", .sent_at = clock.now(), .text = "Where?", .language = "en"};
  auto bytes = encode_payload(message);
  auto read = decode_payload(bytes).value();
  CHECK(read.to == message.to);
  CHECK(read.cc == message.cc);
  CHECK(read.bcc == message.bcc);
  CHECK(read.recipients() == std::vector<std::string>{"a@x", "b@x", "c@x", "d@x", "e@x"});
  CHECK(read.references == message.references);
  CHECK(read.text == message.text);
  CHECK(read.attachments[0].blob == message.attachments[0].blob);
  CHECK(read.attachments[0].size == 70'000);
  CHECK(read.auto_submitted);
  CHECK(read.created_at == message.created_at);
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_payload(bytes.substr(0, size)));
  CHECK_FALSE(decode_payload(bytes + "x"));
  CHECK(read.attachments[0].content_id == "1@x");
  REQUIRE(read.quoted);
  CHECK(read.quoted->author_name == "Anna");
  CHECK(read.quoted->from_address == "a@x");
  CHECK(read.quoted->sent_at == clock.now());
  CHECK(read.quoted->text == "Where?");
  CHECK(read.quoted->language == "en");
}

TEST_CASE("a delivery that was queued before quotes and pictures were known is still read") {
  OutboundMessage message;
  message.to = {"a@x"};
  message.attachments = {{.filename = "f", .content_type = "t/s", .size = 1, .blob = sha256("blob")}};
  message.cc = {"c@x"};
  auto bytes = encode_payload(message);
  bytes.resize(bytes.size() - 2);         // an empty content id, no quote
  bytes.erase(bytes.find("c@x") + 3, 1);  // no blind copies
  bytes[0] = 1;
  auto read = decode_payload(bytes);
  REQUIRE(read);
  CHECK(read->to == message.to);
  CHECK(read->cc == message.cc);
  CHECK(read->attachments.size() == 1);
  CHECK_FALSE(read->quoted);
  bytes[0] = 3;
  CHECK_FALSE(decode_payload(bytes));
}

TEST_CASE("waits double from half a minute to an hour, and end a day after the first attempt, but not after a few") {
  CHECK(wait_ms({.attempts = 1}) == 30'000);
  CHECK(wait_ms({.attempts = 2}) == 60'000);
  CHECK(wait_ms({.attempts = 8}) == 3'600'000);
  CHECK(wait_ms({.attempts = 1'000'000}) == 3'600'000);
  CHECK(wait_ms({.attempts = 1, .jitter = 1'000}) == 36'000);
  CHECK(wait_ms({.attempts = 1, .jitter = 999'999}) == 36'000);
  CHECK(wait_ms({.attempts = 1, .retry_after_ms = 600'000}) == 600'000);
  CHECK(wait_ms({.attempts = 1, .retry_after_ms = 99'999'999}) == 3'600'000);
  Time start{0};
  const auto last_wait = wait_ms({.attempts = attempts_min});
  CHECK(next_attempt({.attempts = attempts_min}, start + (give_up_after_ms - last_wait), start));
  CHECK_FALSE(next_attempt({.attempts = attempts_min}, start + (give_up_after_ms - last_wait + 1), start));
  CHECK(next_attempt({.attempts = attempts_min - 1}, start + 10 * give_up_after_ms, start));
}
