#include "net/listener.h"

#include <future>
#include <utility>

#include "base/log.h"
#include "net/event_loop.h"

namespace answerable::net {

namespace {

constexpr int backlog = 4096;
constexpr auto accept_pause = std::chrono::milliseconds(100);  // when file descriptors or memory have run out

Status open(Acceptor& acceptor, const Tcp::endpoint& endpoint) {
  ErrorCode error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.set_option(Tcp::no_delay(true), error);  // inherited by what is accepted
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(backlog, error);
  if (!error) return {};
  return fail(ErrorKind::unavailable, "cannot_listen",
              "cannot listen on " + endpoint.address().to_string() + " port " + std::to_string(endpoint.port()) + ": " +
                  error.message());
}

}  // namespace

Listener::Listener(EventLoop& loop, ListenerOptions options, ListenerParts parts)
    : loop_(loop),
      options_(std::move(options)),
      parts_(std::move(parts)),
      gate_(loop.shard(0).gate()),
      acceptor_(std::make_unique<Acceptor>(loop.shard(0).executor())) {}

Result<std::shared_ptr<Listener>> Listener::start(EventLoop& loop, ListenerOptions options, ListenerParts parts) {
  ErrorCode error;
  auto address = asio::ip::make_address(options.host, error);
  if (error) {
    return fail(ErrorKind::invalid, "bad_address", "'" + options.host + "' is not an IP address to listen on");
  }
  std::shared_ptr<Listener> listener(new Listener(loop, std::move(options), std::move(parts)));
  TRY_STATUS(open(*listener->acceptor_, Tcp::endpoint(address, listener->options_.port)));
  listener->port_ = listener->acceptor_->local_endpoint(error).port();
  asio::co_spawn(loop.shard(0).executor(), accept_all(listener), asio::detached);
  return listener;
}

Awaitable<void> Listener::pause(Executor executor) {
  AsioTimer timer(executor, accept_pause);
  co_await timer.async_wait(await_tuple);
}

Awaitable<void> Listener::accept_all(std::shared_ptr<Listener> self) {
  while (self->acceptor_->is_open()) {
    auto& shard = self->loop_.shard(self->next_shard_++);
    auto executor = shard.executor();
    auto [error, socket] = co_await self->acceptor_->async_accept(executor, await_tuple);
    if (error == asio::error::operation_aborted || !self->acceptor_->is_open()) break;
    if (!error) {
      self->deal(shard, std::move(socket));
      continue;
    }
    if (error == asio::error::connection_aborted) continue;
    log::warning("accept_failed", {{"port", self->port_}, {"error", error.message()}});
    auto own = self->loop_.shard(0).executor();
    co_await pause(own);
  }
  self->acceptor_.reset();  // here and not with the last owner, who may outlive the loop
}

void Listener::refuse(Socket& socket) {
  parts_.on_refused();
  ErrorCode ignored;
  socket.non_blocking(true, ignored);
  if (!options_.too_many_reply.empty()) socket.write_some(asio::buffer(options_.too_many_reply), ignored);
}

void Listener::deal(LoopShard& shard, Socket socket) {
  std::optional<std::shared_ptr<const void>> seat(std::in_place);
  if (parts_.find_seat) {
    ErrorCode gone;
    const auto peer = socket.remote_endpoint(gone);
    seat = parts_.find_seat(gone ? std::string() : peer.address().to_string());
  }
  if (!seat || !parts_.list->reserve(options_.connections_max)) return refuse(socket);
  struct Arrival {  // counted until a connection takes the count over
    std::shared_ptr<ConnectionList> list;
    LoopShard* shard;
    Socket socket;
    std::function<void(Transport)>* taker;
    std::shared_ptr<Listener> keep;
    std::shared_ptr<const void> seat;
    bool counted = true;
    Arrival(std::shared_ptr<ConnectionList> l, LoopShard* s, Socket so, std::shared_ptr<Listener> k,
            std::shared_ptr<const void> se)
        : list(std::move(l)),
          shard(s),
          socket(std::move(so)),
          taker(&k->parts_.on_connection),
          keep(std::move(k)),
          seat(std::move(se)) {}
    Arrival(Arrival&& from) noexcept
        : list(std::move(from.list)),
          shard(from.shard),
          socket(std::move(from.socket)),
          taker(from.taker),
          keep(std::move(from.keep)),
          seat(std::move(from.seat)),
          counted(std::exchange(from.counted, false)) {}
    ~Arrival() {
      if (counted) list->release();
    }
    void operator()() {
      counted = false;
      Transport transport(*shard, std::move(socket));
      transport.hold(std::move(seat));
      (*taker)(std::move(transport));
    }
  };
  Arrival arrival(parts_.list, &shard, std::move(socket), shared_from_this(), *std::move(seat));
  if (&shard == &loop_.shard(0)) {
    arrival();
  } else {
    shard.gate()->post(std::move(arrival));
  }
}

void Listener::stop() {
  auto done = std::make_shared<std::promise<void>>();
  auto stopped = done->get_future();
  bool posted = gate_->post([self = shared_from_this(), done = std::move(done)]() mutable {
    ErrorCode ignored;
    if (self->acceptor_) self->acceptor_->close(ignored);
    done->set_value();
  });
  if (posted) {
    stopped.wait();
  } else {
    static_cast<void>(acceptor_.release());  // the loop ended before us and took the socket with it
  }
}

}  // namespace answerable::net
