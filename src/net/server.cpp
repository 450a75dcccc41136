#include "net/server.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/random.h"
#include "net/http_session.h"
#include "net/listener.h"
#include "net/peer_seats.h"

namespace answerable::net {

namespace {

constexpr std::string_view too_many_reply =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n";

auto seats_for(const HttpServerOptions& options) {
  auto seats = std::make_shared<PeerSeats>(options.connections_per_address_max);
  return [seats,
          trusted = options.trusted_proxies](const std::string& address) -> std::optional<std::shared_ptr<const void>> {
    const auto peer = IpAddress::parse(address);
    if (peer && std::ranges::any_of(trusted, [&](const IpRange& range) { return range.contains(*peer); }))
      return nullptr;
    auto seat = seats->take(network_key(address));
    if (!seat) return std::nullopt;
    return seat;
  };
}

}  // namespace

struct HttpServer::State {
  std::shared_ptr<HttpServerState> shared;
  std::shared_ptr<ConnectionList> list;
  std::shared_ptr<Listener> listener;
  bool stopped = false;
};

HttpServer::HttpServer(std::shared_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerParts parts, HttpServerOptions options) {
  auto state = std::make_shared<State>();
  state->shared = std::make_shared<HttpServerState>(parts, std::move(options));
  state->shared->request_id_prefix = random_token(6);
  if (!state->shared->options.lane_of)
    state->shared->options.lane_of = [](const Request& request) { return lane_of(network_key(request.peer_address)); };
  const auto& shared = state->shared;
  std::shared_ptr<std::atomic<std::int64_t>> count(shared->figures, &shared->figures->connections);
  state->list = std::make_shared<ConnectionList>(parts.loop, count);

  ListenerOptions listening{.host = shared->options.host,
                            .port = shared->options.port,
                            .connections_max = shared->options.connections_max,
                            .too_many_reply = shared->options.tls ? "" : std::string(too_many_reply)};
  ListenerParts with{.list = state->list,
                     .on_connection =
                         [list = state->list, shared](Transport transport) {
                           auto executor = transport.shard().executor();
                           auto session = std::make_shared<HttpSession>(std::move(transport), list, shared);
                           asio::co_spawn(executor, HttpSession::serve(std::move(session)), asio::detached);
                         },
                     .on_refused = [figures = shared->figures] { figures->connections_refused.fetch_add(1); },
                     .find_seat = seats_for(shared->options)};
  TRY(state->listener, Listener::start(parts.loop, std::move(listening), std::move(with)));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

HttpServer::~HttpServer() { stop(0); }

std::uint16_t HttpServer::port() const { return state_->listener->port(); }

const HttpServerFigures& HttpServer::figures() const { return *state_->shared->figures; }

std::int64_t HttpServer::body_memory_used() const { return state_->shared->body_memory.used(); }

bool HttpServer::stop(std::int64_t deadline_ms) {
  if (std::exchange(state_->stopped, true)) return true;
  state_->listener->stop();
  return state_->list->finish(deadline_ms);
}

}  // namespace answerable::net
