// WebSocket (RFC 6455) as the rest of the program sees it. No extension is negotiated (compression costs 10 KB a
// socket).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace answerable::net {

namespace close_code {
constexpr std::uint16_t normal = 1000, going_away = 1001, protocol_error = 1002, unsupported_data = 1003,
                        invalid_text = 1007, policy_violation = 1008, message_too_big = 1009, internal_error = 1011,
                        try_again_later = 1013;
}  // namespace close_code

struct WebSocketOptions {
  std::size_t max_message_bytes = 64U << 10;  // a larger message is refused with 1009
  std::size_t max_queued_bytes = 1U << 20;    // more waiting than this: closed with 1013, the client loads afresh
  std::int64_t ping_every_ms = 30'000;        // closed when nothing at all came between two pings
  std::int64_t close_timeout_ms = 5'000;      // for the peer's answer to our close
};

// Our end of one connection. Thread-safe; may outlive the connection, then everything is ignored.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // The text is shared, not copied: encode an event once and hand it to thousands. Valid UTF-8.
  virtual void send(std::shared_ptr<const std::string> text) = 0;
  virtual void close(std::uint16_t code, std::string_view reason) = 0;  // reason: at most 123 bytes are sent
  virtual const std::string& peer_address() const = 0;
  virtual bool is_open() const = 0;
};

// What happens to one connection. Made by the factory on the worker pool; after that always called on one thread of the
// event loop, so it must not block. on_open comes first, on_close last and exactly once; then it is destroyed.
class WebSocketHandler {
 public:
  virtual ~WebSocketHandler() = default;
  virtual void on_open(std::shared_ptr<WebSocket> socket) = 0;
  virtual void on_text(std::string_view text) = 0;  // complete and valid UTF-8
  virtual void on_close() = 0;
};

using WebSocketFactory = std::function<Result<std::unique_ptr<WebSocketHandler>>(const Request&)>;

}  // namespace answerable::net
