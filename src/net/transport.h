// One TCP connection, plain or TLS, used by one thread of the loop. For src/net/*.cpp only.
// At most one receive and one send at a time. Deadlines are not here: the owner aborts.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <span>
#include <string>

#include "net/asio.h"
#include "net/loop_shard.h"
#include "net/tls_context.h"

namespace answerable::net {

struct Received {
  ErrorCode error;
  std::span<char> bytes;  // valid until the next wait; may be changed in place
};

class Transport {
 public:
  using Buffers = std::span<const asio::const_buffer>;

  Transport(LoopShard& shard, Socket socket);
  Transport(Transport&&) = default;

  LoopShard& shard() const { return *shard_; }
  const std::string& peer_address() const { return peer_address_; }
  bool is_secure() const { return tls_ != nullptr; }
  // Let go with the connection: its place among those of its address.
  void hold(std::shared_ptr<const void> seat) { seat_ = std::move(seat); }

  Awaitable<ErrorCode> handshake(std::shared_ptr<TlsIdentity::Context> context);
  Awaitable<Received> receive();
  // Writes what fits without waiting (nothing in TLS); the error is would_block when something is left.
  std::size_t send_now(Buffers buffers, ErrorCode& error);
  // Waits until some of it is written.
  Awaitable<IoResult> send_some(Buffers buffers);
  Awaitable<ErrorCode> send_all(std::string_view first, std::string_view second = {});
  void interrupt();      // receive() returns operation_aborted; nothing is lost, it can be called again
  void shutdown_send();  // the peer sees the end; we may still read
  void abort();          // ends everything that waits; idempotent

 private:
  using TlsStream = asio::ssl::stream<Socket&>;

  LoopShard* shard_;
  std::unique_ptr<Socket> socket_;  // its own allocation: the TLS stream keeps a reference when the transport moves
  std::shared_ptr<TlsIdentity::Context> tls_context_;
  std::unique_ptr<TlsStream> tls_;
  std::unique_ptr<std::array<char, 16U << 10>> tls_input_;
  std::string peer_address_;
  std::shared_ptr<const void> seat_;
};

}  // namespace answerable::net
