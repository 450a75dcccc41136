#include "net/stream_server.h"

#include <utility>

#include "net/listener.h"
#include "net/stream_session.h"

namespace answerable::net {

struct StreamServer::State {
  std::shared_ptr<StreamServerState> shared;
  std::shared_ptr<ConnectionList> list;
  std::shared_ptr<Listener> listener;
  bool stopped = false;
};

StreamServer::StreamServer(std::shared_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<StreamServer>> StreamServer::start(EventLoop& loop, StreamProtocolFactory factory,
                                                          StreamServerOptions options) {
  auto state = std::make_shared<State>();
  state->shared = std::make_shared<StreamServerState>(std::move(factory), std::move(options));
  const auto& shared = state->shared;
  std::shared_ptr<std::atomic<std::int64_t>> count(shared->figures, &shared->figures->connections);
  state->list = std::make_shared<ConnectionList>(loop, count);

  ListenerOptions listening{.host = shared->options.host,
                            .port = shared->options.port,
                            .connections_max = shared->options.connections_max,
                            .too_many_reply = shared->options.tls_from_start ? "" : shared->options.too_many_reply};
  ListenerParts with{.list = state->list,
                     .on_connection =
                         [list = state->list, shared](Transport transport) {
                           shared->figures->accepted.fetch_add(1);
                           auto executor = transport.shard().executor();
                           auto session = std::make_shared<StreamSession>(std::move(transport), list, shared);
                           asio::co_spawn(executor, StreamSession::serve(std::move(session)), asio::detached);
                         },
                     .on_refused = [figures = shared->figures] { figures->refused.fetch_add(1); }};
  TRY(state->listener, Listener::start(loop, std::move(listening), std::move(with)));
  return std::unique_ptr<StreamServer>(new StreamServer(std::move(state)));
}

StreamServer::~StreamServer() { stop(0); }

std::uint16_t StreamServer::port() const { return state_->listener->port(); }

const StreamServerFigures& StreamServer::figures() const { return *state_->shared->figures; }

bool StreamServer::stop(std::int64_t deadline_ms) {
  if (std::exchange(state_->stopped, true)) return true;
  state_->listener->stop();
  return state_->list->finish(deadline_ms);
}

}  // namespace answerable::net
