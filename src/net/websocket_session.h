// One WebSocket connection after the upgrade. An idle one holds no buffer. For src/net/*.cpp only.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/connection.h"
#include "net/server.h"
#include "net/websocket.h"
#include "net/websocket_frame.h"

namespace answerable::net {

struct OutgoingFrame {
  FrameHeader header;
  std::shared_ptr<const std::string> payload;  // text that may be shared by thousands
  std::size_t bytes() const { return header.size + payload->size(); }
};

class WebSocketSession;

// What handlers hold: reaches the session from any thread and may outlive it.
class WebSocketPort final : public WebSocket, public std::enable_shared_from_this<WebSocketPort> {
 public:
  WebSocketPort(std::shared_ptr<LoopGate> gate, std::string peer_address, std::size_t queued_bytes_max);
  void send(std::shared_ptr<const std::string> text) override;
  void close(std::uint16_t code, std::string_view reason) override;
  const std::string& peer_address() const override { return peer_address_; }
  bool is_open() const override;

  // For the session, on its thread.
  struct Taken {
    std::vector<OutgoingFrame> frames;
    std::uint16_t close_code = 0;
    std::string close_reason;
    bool overflowed = false;
  };
  void attach(std::weak_ptr<WebSocketSession> session) { session_ = std::move(session); }
  Taken take();
  void written(std::size_t bytes);
  void detach();

 private:
  void wake(std::unique_lock<std::mutex> lock);

  std::shared_ptr<LoopGate> gate_;
  std::string peer_address_;
  std::size_t queued_bytes_max_;
  std::weak_ptr<WebSocketSession> session_;  // set before it is shared; locked on the session's thread only
  mutable std::mutex mutex_;
  Taken waiting_;
  std::size_t queued_bytes_ = 0;  // waiting or being written
  bool woken_ = false, open_ = true;
};

class WebSocketSession final : public Connection, private WebSocketReader::Sink {
 public:
  struct Parts {
    std::unique_ptr<WebSocketHandler> handler;
    WebSocketOptions options;
    std::shared_ptr<HttpServerFigures> figures;
    std::string early_bytes;  // came together with the opening handshake
  };
  WebSocketSession(Transport transport, std::shared_ptr<ConnectionList> list, Parts parts);
  ~WebSocketSession() override;
  static Awaitable<void> serve(std::shared_ptr<WebSocketSession> self);
  LoopShard& shard() const { return transport_.shard(); }

  void finish() override;
  void flush();  // on this thread: sends what the port has collected

 private:
  void on_message(std::string_view text) override;
  void on_ping(std::string_view payload) override;
  void on_pong() override {}
  void on_close_frame(std::uint16_t code) override;
  void on_deadline() override;

  bool feed(std::span<char> bytes);  // false: read no more
  void enqueue(Opcode opcode, std::shared_ptr<const std::string> payload);
  void begin_close(std::uint16_t code, std::string_view reason);
  void pump();
  bool next_batch();
  void advance(std::size_t bytes);
  void gather(std::vector<asio::const_buffer>& buffers) const;
  static Awaitable<void> pump_rest(std::shared_ptr<WebSocketSession> self);
  void after_pump();

  Parts parts_;
  WebSocketReader reader_;
  std::shared_ptr<WebSocketPort> port_;
  std::vector<OutgoingFrame> out_;      // not begun
  std::vector<OutgoingFrame> writing_;  // not touched while a write waits: it reads the headers in place
  std::size_t index_ = 0, offset_ = 0;  // in writing_: the first frame not wholly written, and how much of it is
  std::size_t pong_bytes_ = 0;          // owed since the output was last empty
  bool pumping_ = false, close_sent_ = false, close_received_ = false, failed_ = false, heard_ = true, ended_ = false;
};

}  // namespace answerable::net
