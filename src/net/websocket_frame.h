// WebSocket frames (RFC 6455 section 5) without I/O: a reader for what a client sends, a header writer for what we
// send.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace answerable::net {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct FrameHeader {
  std::array<char, 10> bytes{};
  std::uint8_t size = 0;
  std::string_view view() const { return {bytes.data(), size}; }
};
FrameHeader frame_header(Opcode opcode, std::size_t payload_bytes);  // final, unmasked

// Payload of a close frame; the reason is cut to 123 bytes at a code point.
std::string close_payload(std::uint16_t code, std::string_view reason);

// Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455 section 4.2.2).
std::string websocket_accept(std::string_view key);

class WebSocketReader {
 public:
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void on_message(std::string_view text) = 0;  // complete, valid UTF-8
    virtual void on_ping(std::string_view payload) = 0;
    virtual void on_pong() = 0;
    virtual void on_close_frame(std::uint16_t code) = 0;  // 1005 when the peer gave none; nothing is read after it
  };

  explicit WebSocketReader(std::size_t max_message_bytes) : max_message_bytes_(max_message_bytes) {}

  // Unmasks in place. Returns 0, or the close code with which the connection must now be failed; after that, and after
  // a close frame, further bytes are ignored.
  std::uint16_t feed(std::span<char> bytes, Sink& sink);

 private:
  struct Frame;
  enum class Parsed : std::uint8_t { frame, need_more, refused };
  Parsed parse(std::span<char> bytes, Frame& frame);
  std::uint16_t check(const Frame& frame) const;
  std::uint16_t take(const Frame& frame, Sink& sink);
  std::uint16_t take_control(const Frame& frame, Sink& sink);
  std::size_t consume(std::span<char> bytes, Sink& sink);

  std::size_t max_message_bytes_;
  std::string pending_;  // a frame that is not complete; at most one and its header
  std::string message_;  // the fragments before this one
  bool in_message_ = false;
  bool ended_ = false;
  std::uint16_t refusal_ = 0;
};

}  // namespace answerable::net
