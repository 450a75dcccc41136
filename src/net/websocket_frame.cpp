#include "net/websocket_frame.h"

#include <openssl/evp.h>

#include <cstring>

#include "base/encoding.h"
#include "base/utf8.h"
#include "net/websocket.h"

namespace answerable::net {

namespace {

constexpr std::size_t control_bytes_max = 125;
constexpr std::size_t kept_capacity_max = 1024;  // what an idle connection may keep

bool is_control(std::uint8_t opcode) { return opcode >= 8; }

bool is_sendable(std::uint16_t code) {  // RFC 6455 section 7.4 and the IANA registry
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

void let_go(std::string& buffer) {
  if (buffer.capacity() > kept_capacity_max) {
    std::string().swap(buffer);
  } else {
    buffer.clear();
  }
}

void unmask(std::span<char> payload, const std::array<char, 4>& key) {
  std::uint64_t wide = 0;
  std::memcpy(&wide, key.data(), 4);
  std::memcpy(reinterpret_cast<char*>(&wide) + 4, key.data(), 4);
  std::size_t i = 0;
  for (; i + 8 <= payload.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, payload.data() + i, 8);
    word ^= wide;
    std::memcpy(payload.data() + i, &word, 8);
  }
  for (; i < payload.size(); ++i) payload[i] = static_cast<char>(payload[i] ^ key[i % 4]);
}

}  // namespace

struct WebSocketReader::Frame {
  std::uint8_t opcode = 0;
  bool final = false, reserved = false, masked = false, minimal = true;
  std::uint64_t size = 0;
  std::array<char, 4> key{};
  std::size_t header_bytes = 0;
  std::span<char> payload;
};

FrameHeader frame_header(Opcode opcode, std::size_t payload_bytes) {
  FrameHeader header;
  auto put = [&](std::uint64_t value) { header.bytes[header.size++] = static_cast<char>(value & 0xFF); };
  put(0x80U | static_cast<std::uint8_t>(opcode));
  int length_bytes = payload_bytes < 126 ? 0 : payload_bytes < 65'536 ? 2 : 8;
  put(length_bytes == 0 ? payload_bytes : length_bytes == 2 ? 126U : 127U);
  for (int i = length_bytes - 1; i >= 0; --i) put(static_cast<std::uint64_t>(payload_bytes) >> (8 * i));
  return header;
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  return payload.append(truncate_utf8(reason, control_bytes_max - 2));
}

std::string websocket_accept(std::string_view key) {
  std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
  return to_base64({reinterpret_cast<const char*>(digest), size});
}

WebSocketReader::Parsed WebSocketReader::parse(std::span<char> bytes, Frame& frame) {
  if (bytes.size() < 2) return Parsed::need_more;
  auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  frame.final = (byte(0) & 0x80) != 0;
  frame.reserved = (byte(0) & 0x70) != 0;
  frame.opcode = byte(0) & 0x0F;
  frame.masked = (byte(1) & 0x80) != 0;
  frame.size = byte(1) & 0x7F;
  std::size_t at = 2;
  if (frame.size >= 126) {
    std::size_t length_bytes = frame.size == 126 ? 2 : 8;
    if (bytes.size() < at + length_bytes) return Parsed::need_more;
    frame.size = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) frame.size = frame.size << 8 | byte(at++);
    frame.minimal = length_bytes == 2 ? frame.size >= 126 : frame.size >= 65'536;
  }
  refusal_ = check(frame);  // before the payload is there: a stranger must not make us keep what we will refuse
  if (refusal_ != 0) return Parsed::refused;
  if (bytes.size() < at + 4 + frame.size) return Parsed::need_more;
  std::memcpy(frame.key.data(), bytes.data() + at, 4);
  frame.header_bytes = at + 4;
  frame.payload = bytes.subspan(frame.header_bytes, frame.size);
  return Parsed::frame;
}

std::uint16_t WebSocketReader::check(const Frame& frame) const {
  bool known = frame.opcode <= 2 || (frame.opcode >= 8 && frame.opcode <= 10);
  if (frame.reserved || !known || !frame.masked || !frame.minimal) return close_code::protocol_error;
  if (is_control(frame.opcode)) {
    return frame.final && frame.size <= control_bytes_max ? 0 : close_code::protocol_error;
  }
  if (frame.opcode == static_cast<std::uint8_t>(Opcode::binary)) return close_code::unsupported_data;
  bool continues = frame.opcode == static_cast<std::uint8_t>(Opcode::continuation);
  if (continues != in_message_) return close_code::protocol_error;
  // The sum cannot overflow: message_ is within the limit already.
  return frame.size > max_message_bytes_ - message_.size() ? close_code::message_too_big : 0;
}

std::uint16_t WebSocketReader::take_control(const Frame& frame, Sink& sink) {
  std::string_view payload(frame.payload.data(), frame.payload.size());
  if (frame.opcode == static_cast<std::uint8_t>(Opcode::ping)) {
    sink.on_ping(payload);
  } else if (frame.opcode == static_cast<std::uint8_t>(Opcode::pong)) {
    sink.on_pong();
  } else {
    if (payload.size() == 1) return close_code::protocol_error;
    std::uint16_t code = 1005;
    if (payload.size() >= 2) {
      code = static_cast<std::uint16_t>(static_cast<std::uint8_t>(payload[0]) << 8 |
                                        static_cast<std::uint8_t>(payload[1]));
      if (!is_sendable(code)) return close_code::protocol_error;
      if (!is_valid_utf8(payload.substr(2))) return close_code::invalid_text;
    }
    ended_ = true;
    sink.on_close_frame(code);
  }
  return 0;
}

std::uint16_t WebSocketReader::take(const Frame& frame, Sink& sink) {
  unmask(frame.payload, frame.key);
  if (is_control(frame.opcode)) return take_control(frame, sink);
  std::string_view payload(frame.payload.data(), frame.payload.size());
  if (frame.final && !in_message_) {  // the usual case: no copy
    if (!is_valid_utf8(payload)) return close_code::invalid_text;
    sink.on_message(payload);
    return 0;
  }
  message_.append(payload);
  in_message_ = !frame.final;
  if (in_message_) return 0;
  if (!is_valid_utf8(message_)) return close_code::invalid_text;
  sink.on_message(message_);
  let_go(message_);
  return 0;
}

// Takes the complete frames from the front; returns how many bytes they had.
std::size_t WebSocketReader::consume(std::span<char> bytes, Sink& sink) {
  std::size_t taken = 0;
  while (!ended_) {
    Frame frame;
    auto parsed = parse(bytes.subspan(taken), frame);
    if (parsed == Parsed::need_more) break;
    if (parsed == Parsed::frame) {
      refusal_ = take(frame, sink);
      taken += frame.header_bytes + frame.payload.size();
    }
    if (refusal_ != 0) ended_ = true;
  }
  return taken;
}

std::uint16_t WebSocketReader::feed(std::span<char> bytes, Sink& sink) {
  if (ended_) return 0;
  if (pending_.empty()) {
    auto taken = consume(bytes, sink);
    if (!ended_) pending_.assign(bytes.data() + taken, bytes.size() - taken);
  } else {
    pending_.append(bytes.data(), bytes.size());
    auto taken = consume(pending_, sink);
    pending_.erase(0, taken);
  }
  if (pending_.empty() || ended_) let_go(pending_);
  return refusal_;
}

}  // namespace answerable::net
