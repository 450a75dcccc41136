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
  message.references = {"1@x", ""};
  message.text = std::string(300, 'x') + "\0y";
  message.attachments = {{.filename = "f", .content_type = "t/s", .size = 70'000, .blob = sha256("blob")}};
  message.auto_submitted = true;
  message.created_at = clock.now();
  auto bytes = encode_payload(message);
  auto read = decode_payload(bytes).value();
  CHECK(read.to == message.to);
  CHECK(read.references == message.references);
  CHECK(read.text == message.text);
  CHECK(read.attachments[0].blob == message.attachments[0].blob);
  CHECK(read.attachments[0].size == 70'000);
  CHECK(read.auto_submitted);
  CHECK(read.created_at == message.created_at);
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_payload(bytes.substr(0, size)));
  CHECK_FALSE(decode_payload(bytes + "x"));
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
