// WebSocket frames from a client, in one piece and in pieces whose sizes the input chooses: both must give the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/ensure.h"
#include "base/utf8.h"
#include "net/websocket_frame.h"

using namespace answerable;
using namespace answerable::net;

namespace {

constexpr std::size_t message_bytes_max = 300;

struct Log final : WebSocketReader::Sink {
  std::string seen;
  void on_message(std::string_view text) override {
    ensure(text.size() <= message_bytes_max, "a message is bounded");
    ensure(is_valid_utf8(text), "a message is valid UTF-8");
    seen.append("t").append(text).append("\n");
  }
  void on_ping(std::string_view payload) override {
    ensure(payload.size() <= 125, "a control frame is bounded");
    seen.append("p").append(payload).append("\n");
  }
  void on_pong() override { seen += "o\n"; }
  void on_close_frame(std::uint16_t code) override { seen += "c" + std::to_string(code) + "\n"; }
};

std::string converse(std::string bytes, std::size_t step) {
  WebSocketReader reader(message_bytes_max);
  Log log;
  std::uint16_t refusal = 0;
  for (std::size_t at = 0; at < bytes.size() && refusal == 0; at += step) {
    refusal = reader.feed(std::span(bytes).subspan(at, std::min(step, bytes.size() - at)), log);
  }
  return log.seen + std::to_string(refusal);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto whole = converse(bytes, bytes.size());
  auto pieces = converse(bytes, data[0] % 16 + 1U);
  ensure(whole == pieces, "messages do not depend on how the bytes arrive");
  return 0;
}
