#include "net/transport.h"

#include <utility>

namespace answerable::net {

namespace {

// What is left of two pieces after `sent` bytes.
std::array<asio::const_buffer, 2> rest_of(std::string_view first, std::string_view second, std::size_t sent) {
  auto from_first = std::min(sent, first.size());
  first.remove_prefix(from_first);
  second.remove_prefix(sent - from_first);
  if (first.empty()) return {asio::buffer(second), asio::const_buffer()};
  return {asio::buffer(first), asio::buffer(second)};
}

}  // namespace

Transport::Transport(LoopShard& shard, Socket socket)
    : shard_(&shard), socket_(std::make_unique<Socket>(std::move(socket))) {
  ErrorCode ignored;
  socket_->non_blocking(true, ignored);
  auto peer = socket_->remote_endpoint(ignored);
  if (ignored) return;
  auto address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  peer_address_ = address.to_string();
}

Awaitable<ErrorCode> Transport::handshake(std::shared_ptr<TlsIdentity::Context> context) {
  tls_context_ = std::move(context);
  tls_ = std::make_unique<TlsStream>(*socket_, tls_context_->ssl);
  tls_input_ = std::make_unique<std::array<char, 16U << 10>>();
  auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, await_tuple);
  co_return error;
}

Awaitable<Received> Transport::receive() {
  Received received;
  if (tls_) {
    auto buffer = asio::buffer(*tls_input_);
    auto [error, size] = co_await tls_->async_read_some(buffer, await_tuple);
    received.error = error;
    received.bytes = std::span(tls_input_->data(), size);
    co_return received;
  }
  auto& scratch = shard_->scratch();
  while (true) {
    auto [error] = co_await socket_->async_wait(Socket::wait_read, await_tuple);
    received.error = error;
    if (error) co_return received;
    auto size = socket_->read_some(asio::buffer(scratch), received.error);
    if (received.error == asio::error::would_block) continue;  // woken for nothing
    received.bytes = std::span(scratch.data(), size);
    co_return received;
  }
}

std::size_t Transport::send_now(Buffers buffers, ErrorCode& error) {
  if (tls_) {
    error = asio::error::would_block;
    return 0;
  }
  auto size = socket_->write_some(buffers, error);
  if (!error && size < asio::buffer_size(buffers)) error = asio::error::would_block;
  return size;
}

Awaitable<IoResult> Transport::send_some(Buffers buffers) {
  if (tls_) {
    auto result = co_await tls_->async_write_some(buffers, await_tuple);
    co_return result;
  }
  auto result = co_await socket_->async_write_some(buffers, await_tuple);
  co_return result;
}

Awaitable<ErrorCode> Transport::send_all(std::string_view first, std::string_view second) {
  auto total = first.size() + second.size();
  auto buffers = rest_of(first, second, 0);
  ErrorCode error;
  auto sent = send_now(buffers, error);
  if (error && error != asio::error::would_block) co_return error;
  while (sent < total) {
    buffers = rest_of(first, second, sent);
    Buffers rest = buffers;
    auto [failed, size] = co_await send_some(rest);
    if (failed) co_return failed;
    sent += size;
  }
  co_return ErrorCode();
}

void Transport::interrupt() {
  ErrorCode ignored;
  socket_->cancel(ignored);
}

void Transport::shutdown_send() {
  ErrorCode ignored;
  // A TLS close_notify is left out: everything that we speak in it says itself where it ends.
  socket_->shutdown(Socket::shutdown_send, ignored);
}

void Transport::abort() {
  ErrorCode ignored;
  if (socket_) socket_->close(ignored);
}

}  // namespace answerable::net
