#include "net/stream_session.h"

#include <boost/asio/async_result.hpp>
#include <exception>
#include <utility>

#include "base/log.h"

namespace answerable::net {

namespace {

constexpr std::int64_t handshake_timeout_ms = 10'000;
constexpr std::int64_t linger_ms = 2'000;
constexpr std::size_t linger_bytes_max = 1U << 20;
constexpr std::size_t kept_capacity_max = 4096;  // what an idle connection may keep

class StreamPort final : public StreamPeer {
 public:
  StreamPort(std::shared_ptr<LoopGate> gate, std::weak_ptr<StreamSession> session, std::string address)
      : gate_(std::move(gate)), session_(std::move(session)), address_(std::move(address)) {}
  const std::string& address() const override { return address_; }
  void post(std::function<void(StreamOutput&)> work) override {
    // The session is locked on its own thread only: elsewhere we could become its last owner.
    gate_->post([session = session_, work = std::move(work)]() mutable {
      if (auto alive = session.lock()) alive->run_posted(std::move(work));
    });
  }

 private:
  std::shared_ptr<LoopGate> gate_;
  std::weak_ptr<StreamSession> session_;
  std::string address_;
};

struct KeepWaiter {  // stores how the waiting coroutine goes on
  std::move_only_function<void()>* slot;
  template <class Waiter>
  void operator()(Waiter&& waiter) const {
    *slot = std::forward<Waiter>(waiter);
  }
};

void let_go(std::string& buffer) {
  if (buffer.empty() && buffer.capacity() > kept_capacity_max) std::string().swap(buffer);
}

}  // namespace

StreamSession::StreamSession(Transport transport, std::shared_ptr<ConnectionList> list,
                             std::shared_ptr<StreamServerState> server)
    : Connection(std::move(transport), std::move(list)), server_(std::move(server)), protocol_(server_->factory()) {}

StreamSession::~StreamSession() { end_protocol(); }

Awaitable<void> StreamSession::serve(std::shared_ptr<StreamSession> self) {
  try {
    co_await converse(self);
  } catch (const std::exception& thrown) {
    log::error("protocol_threw", Error{ErrorKind::internal, "protocol_threw", thrown.what()});
  }
}

Awaitable<void> StreamSession::converse(std::shared_ptr<StreamSession> self) {
  if (self->server_->options.tls_from_start) {
    bool secured = co_await self->secure();
    if (!secured) co_return;
  }
  self->opened_ = true;
  auto port = std::make_shared<StreamPort>(self->transport_.shard().gate(), self, self->transport_.peer_address());
  self->protocol_->on_open(std::move(port), *self);
  while (!self->dropped_) {
    bool progress = self->offer();
    if (!self->output_.empty()) {
      co_await self->flush();
    } else if (self->closing_) {
      break;
    } else if (self->starting_tls_) {
      bool secured = co_await self->secure();
      if (!secured) co_return;
      self->protocol_->on_tls(*self);
    } else if (self->paused_) {
      co_await self->wait_for_resume();
    } else if (self->list()->is_finishing()) {
      self->say_farewell();
    } else if (!progress) {
      co_await self->receive();
    }
  }
  self->end_protocol();
  if (!self->dropped_) {
    co_await self->linger();
  }
}

void StreamSession::end_protocol() {
  if (!std::exchange(opened_, false)) return;
  protocol_->on_close();
  protocol_.reset();
}

// Hands over what has arrived; true when some of it was taken, so that more may be taken.
bool StreamSession::offer() {
  if (input_.empty() || paused_ || starting_tls_ || closing_) return false;
  auto taken = std::min(protocol_->on_bytes(input_, *this), input_.size());
  if (taken == 0 && !paused_ && input_.size() >= server_->options.unconsumed_bytes_max) closing_ = true;
  input_.erase(0, taken);
  let_go(input_);
  return taken > 0;
}

Awaitable<bool> StreamSession::secure() {
  starting_tls_ = false;
  input_.clear();
  set_deadline_ms(handshake_timeout_ms);
  auto context = server_->options.tls->context();
  auto failed = co_await transport_.handshake(context);
  clear_deadline();
  co_return !failed && !dropped_;
}

Awaitable<void> StreamSession::flush() {
  auto batch = std::exchange(output_, {});  // more may be written while this waits
  constexpr std::size_t step = 256U << 10;
  std::string_view rest = batch;
  while (!rest.empty()) {
    set_deadline_ms(server_->options.write_timeout_ms);
    auto part = rest.substr(0, step);
    auto failed = co_await transport_.send_all(part);
    if (failed) {
      drop();
      co_return;
    }
    rest.remove_prefix(part.size());
  }
  clear_deadline();
}

Awaitable<void> StreamSession::receive() {
  set_deadline_ms(server_->options.idle_timeout_ms);
  receiving_ = true;
  auto received = co_await transport_.receive();
  receiving_ = false;
  clear_deadline();
  if (received.error == asio::error::operation_aborted && !dropped_) co_return;  // interrupt(): look around again
  if (received.error) {
    drop();
    co_return;
  }
  input_.append(received.bytes.data(), received.bytes.size());
}

Awaitable<void> StreamSession::linger() {
  transport_.shutdown_send();
  set_deadline_ms(linger_ms);
  std::size_t total = 0;
  while (total < linger_bytes_max) {
    auto received = co_await transport_.receive();
    if (received.error) co_return;
    total += received.bytes.size();
  }
}

Awaitable<void> StreamSession::wait_for_resume() {
  KeepWaiter keep{&waiter_};
  return asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(keep, asio::use_awaitable_t<Executor>());
}

void StreamSession::run_posted(std::function<void(StreamOutput&)> work) {
  if (!opened_ || dropped_) return;
  work(*this);
  wake();
}

void StreamSession::wake() {
  bool something = !paused_ || closing_ || dropped_ || starting_tls_ || !output_.empty();
  if (!something) return;
  if (auto waiter = std::exchange(waiter_, {})) {
    waiter();
  } else if (receiving_ && (closing_ || starting_tls_ || !output_.empty())) {
    transport_.interrupt();
  }
}

void StreamSession::say_farewell() {
  if (closing_) return;
  protocol_->on_idle(*this);
  // A protocol that pauses here still owes replies (a commit is under way) and closes when they are written.
  if (!paused_) closing_ = true;
  wake();
}

void StreamSession::on_deadline() {
  server_->figures->timeouts.fetch_add(1);
  if (receiving_) {
    say_farewell();
  } else {
    drop();
  }
}

void StreamSession::finish() {
  if (!opened_) return drop();
  if (receiving_) say_farewell();
}

void StreamSession::drop() {
  dropped_ = true;
  Connection::drop();
  if (auto waiter = std::exchange(waiter_, {})) waiter();
}

}  // namespace answerable::net
