// The client side of WebSocket frames, for tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/loopback_test.h"
#include "net/websocket_frame.h"

namespace answerable::net::testing {

// A masked frame as a client sends it. `first` is the whole first byte: 0x81 is a final text frame.
inline std::string client_frame(int first, std::string_view payload, bool masked = true) {
  std::string frame(1, static_cast<char>(first));
  int mask_bit = masked ? 0x80 : 0;
  auto size = payload.size();
  int length_bytes = size < 126 ? 0 : size < 65'536 ? 2 : 8;
  frame += static_cast<char>(mask_bit | (length_bytes == 0 ? static_cast<int>(size) : length_bytes == 2 ? 126 : 127));
  for (int i = length_bytes - 1; i >= 0; --i) frame += static_cast<char>(size >> (8 * i));
  constexpr char key[] = {'\x37', '\xfa', '\x21', '\x3d'};
  if (masked) frame.append(key, 4);
  for (std::size_t i = 0; i < size; ++i) frame += masked ? static_cast<char>(payload[i] ^ key[i % 4]) : payload[i];
  return frame;
}

inline std::string client_close(int code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  return client_frame(0x88, payload.append(reason));
}

struct ServerFrame {
  int first = 0;  // 0 at the end of the stream
  std::string payload;
  int close_code() const {
    if (first != 0x88 || payload.size() < 2) return 0;
    return static_cast<std::uint8_t>(payload[0]) << 8 | static_cast<std::uint8_t>(payload[1]);
  }
};

inline ServerFrame next_frame(Client& client) {
  auto head = client.exactly(2);
  if (head.size() < 2) return {};
  auto byte = [](char c) { return static_cast<std::uint8_t>(c); };
  std::size_t size = byte(head[1]);
  std::size_t length_bytes = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (length_bytes > 0) {
    size = 0;
    for (char c : client.exactly(length_bytes)) size = size << 8 | byte(c);
  }
  return {byte(head[0]), client.exactly(size)};
}

inline std::string upgrade_request(std::string_view path, std::string_view more_headers = {}) {
  return get(path,
             "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                 std::string(more_headers));
}

}  // namespace answerable::net::testing
