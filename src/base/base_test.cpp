#include <doctest/doctest.h>

#include <set>

#include "base/clock.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/id.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/result.h"
#include "base/utf8.h"

using namespace answerable;

TEST_CASE("ids are version 7, increase within a millisecond and survive a round trip as text and bytes") {
  FakeClock clock;
  auto previous = MessageId::make(clock);
  for (int i = 0; i < 10'000; ++i) {
    auto next = MessageId::make(clock);
    REQUIRE(next > previous);
    previous = next;
  }
  auto text = previous.text();
  CHECK(text.size() == 36);
  CHECK(text[14] == '7');
  CHECK(MessageId::parse(text) == previous);
  CHECK(MessageId::from_bytes(previous.bytes()) == previous);
  CHECK_FALSE(MessageId::parse("018bcfe568007000800000000000000g"));
  CHECK_FALSE(MessageId::parse(text + "0"));
}

TEST_CASE("a clock that is weeks ahead leaves the ids of another alone") {
  FakeClock clock;
  FakeClock ahead{clock.now() + 30LL * 24 * 3'600'000};
  const auto ms_of = [](const MessageId& id) {
    std::int64_t ms = 0;
    for (int i = 0; i < 6; ++i) ms = ms << 8 | id.uuid.bytes[static_cast<std::size_t>(i)];
    return ms;
  };
  const auto far = MessageId::make(ahead);
  const auto near = MessageId::make(clock);
  CHECK(ms_of(far) == ahead.now().ms);
  CHECK(ms_of(near) == clock.now().ms);
  clock.advance_ms(-1'000);  // set back a little, as clocks are: ids go on
  CHECK(MessageId::make(clock) > near);
}

TEST_CASE("times are written and read as RFC 3339 in UTC") {
  CHECK(to_rfc3339(Time{0}) == "1970-01-01T00:00:00.000Z");
  CHECK(to_rfc3339(Time{1'700'000'000'123}) == "2023-11-14T22:13:20.123Z");
  CHECK(parse_rfc3339("2023-11-14T22:13:20.123Z") == Time{1'700'000'000'123});
  CHECK(parse_rfc3339("2023-11-15T00:13:20+02:00") == Time{1'700'000'000'000});
  CHECK_FALSE(parse_rfc3339("2023-02-30T00:00:00Z"));
  CHECK_FALSE(parse_rfc3339("2023-11-14T22:13:20"));
  CHECK_FALSE(parse_rfc3339(""));
}

TEST_CASE("UTF-8 from strangers becomes valid and is never cut within a code point") {
  CHECK(is_valid_utf8("déjà vu 🙂"));
  CHECK_FALSE(is_valid_utf8("\xC0\xAF"));
  CHECK_FALSE(is_valid_utf8("\xED\xA0\x80"));
  CHECK(is_valid_utf8(to_valid_utf8("a\xFFz\xE2\x82")));
  CHECK(truncate_utf8("éé", 3) == "é");
  CHECK(one_line("  a \r\n\t b  ", 20) == "a b");
  CHECK(one_line("abcdefghij", 8) == "abcde…");
}

TEST_CASE("encodings accept the exact form only") {
  CHECK(to_base64url(std::string_view("\xFB\xFF", 2)) == "-_8");
  CHECK(from_base64("aGk=") == "hi");
  CHECK_FALSE(from_base64("aGk"));
  CHECK_FALSE(from_hex("0g"));
  for (int c = 0; c < 256; ++c) {
    auto text = std::string("aGkh");
    text[1] = static_cast<char>(c);
    auto bytes = from_base64(text);
    CHECK((!bytes || to_base64(*bytes) == text));
    auto url_bytes = from_base64url(text);
    CHECK((!url_bytes || to_base64url(*url_bytes) == text));
  }
  CHECK(to_hex(as_bytes(sha256("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

namespace {
Result<int> half(int n) {
  if (n % 2 != 0) return fail(ErrorKind::invalid, "odd", "Give an even number.");
  return n / 2;
}
Result<int> quarter(int n) {
  TRY(auto h, half(n));
  TRY(auto q, half(h));
  return q;
}
}  // namespace

TEST_CASE("TRY hands the error of the first failing step to the caller") {
  CHECK(quarter(8) == 2);
  REQUIRE_FALSE(quarter(6).has_value());
  CHECK(quarter(6).error().code == "odd");
}

TEST_CASE("metrics are shown in the Prometheus text format") {
  Metrics metrics;
  metrics.counter("answerable_mail_accepted_total", "Mails accepted", "channel=\"a\"").add(2);
  metrics.histogram("answerable_reply_seconds", "Reply latency").observe_us(700);
  auto text = metrics.text();
  CHECK(text.find("answerable_mail_accepted_total{channel=\"a\"} 2\n") != std::string::npos);
  CHECK(text.find("answerable_reply_seconds_bucket{le=\"0.001\"} 1\n") != std::string::npos);
  CHECK(text.find("answerable_reply_seconds_bucket{le=\"0.0005\"} 0\n") != std::string::npos);
  CHECK(text.find("answerable_reply_seconds_count 1\n") != std::string::npos);
}
