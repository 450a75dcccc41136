#include "net/websocket_frame.h"

#include <doctest/doctest.h>

#include <vector>

#include "net/websocket_client_test.h"

using namespace answerable::net;
using namespace answerable::net::testing;

namespace {

struct Log final : WebSocketReader::Sink {
  std::vector<std::string> seen;
  void on_message(std::string_view text) override { seen.push_back("text:" + std::string(text)); }
  void on_ping(std::string_view payload) override { seen.push_back("ping:" + std::string(payload)); }
  void on_pong() override { seen.push_back("pong"); }
  void on_close_frame(std::uint16_t code) override { seen.push_back("close:" + std::to_string(code)); }
};

struct Fed {
  int refusal = 0;
  std::vector<std::string> seen;
};

Fed feed(std::string bytes, std::size_t step, std::size_t max = 100) {
  WebSocketReader reader(max);
  Log log;
  Fed fed;
  for (std::size_t at = 0; at < bytes.size() && fed.refusal == 0; at += step) {
    fed.refusal = reader.feed(std::span(bytes).subspan(at, std::min(step, bytes.size() - at)), log);
  }
  fed.seen = log.seen;
  return fed;
}

Fed feed_both_ways(const std::string& bytes, std::size_t max = 100) {
  auto whole = feed(bytes, bytes.size(), max);
  auto slow = feed(bytes, 1, max);
  CHECK(whole.refusal == slow.refusal);
  CHECK(whole.seen == slow.seen);
  return whole;
}

using Seen = std::vector<std::string>;

}  // namespace

TEST_CASE("frames are read the same in one piece and byte by byte, with control frames between fragments") {
  auto fed = feed_both_ways(client_frame(0x81, "hello") + client_frame(0x01, "a\xC3") + client_frame(0x89, "p") +
                            client_frame(0x00, "\xA9") + client_frame(0x80, "z") + client_frame(0x8A, "") +
                            client_close(1000, "bye") + client_frame(0x81, "after"));
  CHECK(fed.refusal == 0);
  CHECK(fed.seen == Seen{"text:hello", "ping:p", "text:aéz", "pong", "close:1000"});
}

TEST_CASE("messages are bounded to the byte, in one frame and in fragments, before their bytes arrive") {
  CHECK(feed_both_ways(client_frame(0x81, std::string(100, 'x'))).refusal == 0);
  CHECK(feed_both_ways(client_frame(0x81, std::string(101, 'x'))).refusal == 1009);
  CHECK(feed_both_ways(client_frame(0x01, std::string(60, 'x')) + client_frame(0x80, std::string(40, 'x'))).refusal ==
        0);
  CHECK(feed_both_ways(client_frame(0x01, std::string(60, 'x')) + client_frame(0x80, std::string(41, 'x'))).refusal ==
        1009);
  CHECK(feed(client_frame(0x81, std::string(70'000, 'x')).substr(0, 10), 10).refusal == 1009);
  CHECK(feed_both_ways(client_frame(0x81, std::string(70'000, 'x')), 70'000).seen.size() == 1);
  CHECK(feed_both_ways(client_frame(0x81, std::string(300, 'x')), 300).refusal == 0);
}

TEST_CASE("text that is not UTF-8 is refused with 1007, also across fragments") {
  CHECK(feed_both_ways(client_frame(0x81, "\xFF")).refusal == 1007);
  CHECK(feed_both_ways(client_frame(0x01, "\xC3") + client_frame(0x80, "(")).refusal == 1007);
  CHECK(feed_both_ways(client_close(1000, "\xFF")).refusal == 1007);
}

TEST_CASE("what the protocol forbids is refused with 1002, binary with 1003") {
  CHECK(feed_both_ways(client_frame(0x81, "x", false)).refusal == 1002);  // not masked
  CHECK(feed_both_ways(client_frame(0xC1, "x")).refusal == 1002);         // reserved bit: no extension was agreed on
  CHECK(feed_both_ways(client_frame(0x83, "x")).refusal == 1002);         // unknown opcode
  CHECK(feed_both_ways(client_frame(0x8B, "")).refusal == 1002);
  CHECK(feed_both_ways(client_frame(0x09, "")).refusal == 1002);  // fragmented control frame
  CHECK(feed_both_ways(client_frame(0x89, std::string(125, 'p'))).refusal == 0);
  CHECK(feed_both_ways(client_frame(0x89, std::string(126, 'p'))).refusal == 1002);
  CHECK(feed_both_ways(client_frame(0x80, "x")).refusal == 1002);  // continues nothing
  CHECK(feed_both_ways(client_frame(0x01, "x") + client_frame(0x81, "y")).refusal == 1002);
  CHECK(feed_both_ways(client_frame(0x88, "x")).refusal == 1002);  // half a close code
  CHECK(feed_both_ways(client_frame(0x82, "x")).refusal == 1003);
  CHECK(feed_both_ways(std::string("\x81\xFE\x00\x05", 4) + "....hello").refusal == 1002);  // length not minimal
  CHECK(feed_both_ways(std::string("\x81\xFF\x80\0\0\0\0\0\0\0", 10)).refusal != 0);        // above 2^63
}

TEST_CASE("close codes that may not be sent are refused") {
  for (int code : {1000, 1001, 1003, 1007, 1013, 3000, 4999}) CHECK(feed_both_ways(client_close(code)).refusal == 0);
  for (int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000}) {
    CAPTURE(code);
    CHECK(feed_both_ways(client_close(code)).refusal == 1002);
  }
  CHECK(feed_both_ways(client_frame(0x88, "")).seen == Seen{"close:1005"});
}

TEST_CASE("our frame headers use the shortest length, and close reasons are cut at a code point") {
  CHECK(frame_header(Opcode::text, 125).view() == "\x81\x7D");
  CHECK(frame_header(Opcode::text, 126).view() == std::string_view("\x81\x7E\x00\x7E", 4));
  CHECK(frame_header(Opcode::text, 65'535).view() == "\x81\x7E\xFF\xFF");
  CHECK(frame_header(Opcode::text, 65'536).view() == std::string_view("\x81\x7F\0\0\0\0\0\1\0\0", 10));
  auto payload = close_payload(1001, std::string(122, 'x') + "é");
  CHECK(payload.size() == 2 + 122);
  CHECK(websocket_accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");  // RFC 6455 section 1.3
}
