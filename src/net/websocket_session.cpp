#include "net/websocket_session.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/ensure.h"
#include "base/log.h"

namespace answerable::net {

namespace {

constexpr std::size_t frames_per_write = 32;
constexpr std::size_t pong_bytes_max = 4096;  // a peer that pings and does not read gets no more pongs than this

const std::shared_ptr<const std::string>& no_payload() {
  static const auto empty = std::make_shared<const std::string>();
  return empty;
}

}  // namespace

WebSocketPort::WebSocketPort(std::shared_ptr<LoopGate> gate, std::string peer_address, std::size_t queued_bytes_max)
    : gate_(std::move(gate)), peer_address_(std::move(peer_address)), queued_bytes_max_(queued_bytes_max) {}

void WebSocketPort::send(std::shared_ptr<const std::string> text) {
  ensure(text != nullptr, "a WebSocket sends a text");
  std::unique_lock lock(mutex_);
  if (!open_ || waiting_.close_code != 0 || waiting_.overflowed) return;
  OutgoingFrame frame{frame_header(Opcode::text, text->size()), std::move(text)};
  queued_bytes_ += frame.bytes();
  if (queued_bytes_ > queued_bytes_max_) {
    waiting_.overflowed = true;
    waiting_.frames = {};
  } else {
    waiting_.frames.push_back(std::move(frame));
  }
  wake(std::move(lock));
}

void WebSocketPort::close(std::uint16_t code, std::string_view reason) {
  std::unique_lock lock(mutex_);
  if (!open_ || waiting_.close_code != 0) return;
  waiting_.close_code = code;
  waiting_.close_reason = reason;
  wake(std::move(lock));
}

void WebSocketPort::wake(std::unique_lock<std::mutex> lock) {
  if (std::exchange(woken_, true)) return;
  lock.unlock();
  gate_->post([weak = session_] {
    if (auto session = weak.lock()) session->flush();
  });
}

bool WebSocketPort::is_open() const {
  std::lock_guard lock(mutex_);
  return open_ && waiting_.close_code == 0 && !waiting_.overflowed;
}

WebSocketPort::Taken WebSocketPort::take() {
  std::lock_guard lock(mutex_);
  woken_ = false;
  if (waiting_.close_code != 0 || waiting_.overflowed) open_ = false;
  return std::exchange(waiting_, {});
}

void WebSocketPort::written(std::size_t bytes) {
  std::lock_guard lock(mutex_);
  queued_bytes_ -= std::min(queued_bytes_, bytes);
}

void WebSocketPort::detach() {
  std::lock_guard lock(mutex_);
  open_ = false;
  waiting_ = {};
}

WebSocketSession::WebSocketSession(Transport transport, std::shared_ptr<ConnectionList> list, Parts parts)
    : Connection(std::move(transport), std::move(list)),
      parts_(std::move(parts)),
      reader_(parts_.options.max_message_bytes),
      port_(std::make_shared<WebSocketPort>(transport_.shard().gate(), transport_.peer_address(),
                                            parts_.options.max_queued_bytes)) {
  parts_.figures->websockets.fetch_add(1, std::memory_order_relaxed);
}

WebSocketSession::~WebSocketSession() {
  port_->detach();
  if (!ended_) parts_.handler->on_close();
  parts_.figures->websockets.fetch_sub(1, std::memory_order_relaxed);
}

Awaitable<void> WebSocketSession::serve(std::shared_ptr<WebSocketSession> self) {
  self->port_->attach(self);
  self->set_deadline_ms(self->parts_.options.ping_every_ms);
  self->parts_.handler->on_open(self->port_);
  if (self->list()->is_finishing()) self->finish();
  auto early = std::exchange(self->parts_.early_bytes, {});
  bool reading = self->feed(early);
  std::string().swap(early);
  while (reading) {
    auto received = co_await self->transport_.receive();
    if (received.error) break;
    reading = self->feed(received.bytes);
  }
  self->ended_ = true;
  self->port_->detach();
  self->parts_.handler->on_close();
  // pump_rest() may still be writing our answer to the peer's close; it holds the session until then.
  if (!self->close_received_) self->drop();
}

void WebSocketSession::on_message(std::string_view text) {
  try {
    parts_.handler->on_text(text);
  } catch (const std::exception& thrown) {
    log::error("handler_threw", Error{ErrorKind::internal, "handler_threw", thrown.what()});
    begin_close(close_code::internal_error, {});
  }
}

bool WebSocketSession::feed(std::span<char> bytes) {
  heard_ = true;
  if (bytes.empty()) return true;
  if (auto refusal = reader_.feed(bytes, *this); refusal != 0) {
    failed_ = true;
    begin_close(refusal, {});
    // What follows is ignored, but it must be read: closing now could make the peer's system throw our close frame
    // away.
  }
  return !close_received_;
}

void WebSocketSession::on_ping(std::string_view payload) {
  if (pong_bytes_ + payload.size() > pong_bytes_max) return;
  pong_bytes_ += payload.size() + 2;
  enqueue(Opcode::pong, std::make_shared<const std::string>(payload));
}

void WebSocketSession::on_close_frame(std::uint16_t code) {
  close_received_ = true;
  constexpr std::uint16_t no_status = 1005;
  begin_close(code == no_status ? close_code::normal : code, {});
  after_pump();
}

void WebSocketSession::on_deadline() {
  if (close_sent_ || !heard_) return drop();  // the peer did not answer our close, or is silent for a whole interval
  heard_ = false;
  set_deadline_ms(parts_.options.ping_every_ms);
  enqueue(Opcode::ping, no_payload());
}

void WebSocketSession::finish() { begin_close(close_code::going_away, "server stops"); }

void WebSocketSession::flush() {
  auto taken = port_->take();
  if (close_sent_ || ended_) return;
  if (taken.overflowed) {
    parts_.figures->websockets_closed_slow.fetch_add(1, std::memory_order_relaxed);
    out_ = {};  // what is not begun is given up
    return begin_close(close_code::try_again_later, "too slow, load again");
  }
  if (out_.empty()) {
    out_ = std::move(taken.frames);
  } else {
    std::move(taken.frames.begin(), taken.frames.end(), std::back_inserter(out_));
  }
  if (taken.close_code != 0) return begin_close(taken.close_code, taken.close_reason);
  pump();
}

void WebSocketSession::enqueue(Opcode opcode, std::shared_ptr<const std::string> payload) {
  if (close_sent_) return;
  out_.push_back({frame_header(opcode, payload->size()), std::move(payload)});
  pump();
}

void WebSocketSession::begin_close(std::uint16_t code, std::string_view reason) {
  if (close_sent_) return;
  enqueue(Opcode::close, std::make_shared<const std::string>(close_payload(code, reason)));
  close_sent_ = true;
  set_deadline_ms(parts_.options.close_timeout_ms);
  after_pump();
}

bool WebSocketSession::next_batch() {
  if (index_ < writing_.size()) return true;
  writing_ = std::exchange(out_, {});
  index_ = offset_ = 0;
  if (!writing_.empty()) return true;
  pong_bytes_ = 0;
  return false;
}

void WebSocketSession::gather(std::vector<asio::const_buffer>& buffers) const {
  buffers.clear();
  auto end = std::min(writing_.size(), index_ + frames_per_write);
  for (auto i = index_; i < end; ++i) {
    auto skip = i == index_ ? offset_ : 0;
    std::string_view header = writing_[i].header.view();
    std::string_view payload = *writing_[i].payload;
    auto from_header = std::min(skip, header.size());
    buffers.push_back(asio::buffer(header.substr(from_header)));
    buffers.push_back(asio::buffer(payload.substr(skip - from_header)));
  }
}

void WebSocketSession::advance(std::size_t bytes) {
  auto left = bytes + offset_;
  while (index_ < writing_.size() && left >= writing_[index_].bytes()) {
    left -= writing_[index_].bytes();
    writing_[index_++].payload.reset();
  }
  offset_ = left;
  port_->written(bytes);
}

void WebSocketSession::pump() {
  if (pumping_) return;
  static thread_local std::vector<asio::const_buffer> buffers;
  while (next_batch()) {
    gather(buffers);
    ErrorCode error;
    auto sent = transport_.send_now(buffers, error);
    advance(sent);
    if (!error) continue;
    if (error != asio::error::would_block) return drop();
    pumping_ = true;
    auto self = std::static_pointer_cast<WebSocketSession>(shared_from_this());
    asio::co_spawn(shard().executor(), pump_rest(self), asio::detached);
    return;
  }
}

Awaitable<void> WebSocketSession::pump_rest(std::shared_ptr<WebSocketSession> self) {
  std::vector<asio::const_buffer> buffers;
  while (self->next_batch()) {
    self->gather(buffers);
    Transport::Buffers span = buffers;
    auto [error, sent] = co_await self->transport_.send_some(span);
    if (error) {
      self->drop();
      co_return;
    }
    self->advance(sent);
  }
  self->pumping_ = false;
  self->after_pump();
}

void WebSocketSession::after_pump() {
  bool written = out_.empty() && index_ >= writing_.size();
  if (!close_sent_ || !written) return;
  if (close_received_) {
    drop();  // the server closes first (RFC 6455 section 7.1.1)
  } else if (failed_) {
    transport_.shutdown_send();
  }
}

}  // namespace answerable::net
