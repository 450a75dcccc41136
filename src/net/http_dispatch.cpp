// How a complete request reaches its handler and how the answer finds its way back to the connection's thread.
#include <boost/asio/async_result.hpp>
#include <exception>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"
#include "net/http_session.h"
#include "net/websocket_frame.h"
#include "net/websocket_session.h"

namespace answerable::net {

namespace {

// Shared by all copies of one Respond. The session is only touched on its own thread: elsewhere locking the weak
// pointer could make another thread its last owner.
class PendingAnswer {
 public:
  PendingAnswer(std::shared_ptr<LoopGate> gate, std::weak_ptr<HttpSession> session, std::uint64_t exchange)
      : gate_(std::move(gate)), session_(std::move(session)), exchange_(exchange) {}
  PendingAnswer(const PendingAnswer&) = delete;
  PendingAnswer& operator=(const PendingAnswer&) = delete;
  ~PendingAnswer() { give(std::nullopt); }

  void give(std::optional<Response> response) {
    if (given_.exchange(true)) return;
    if (gate_->is_this_thread()) {
      if (auto session = session_.lock()) session->on_answer(exchange_, std::move(response));
      return;
    }
    gate_->post([session = session_, exchange = exchange_, response = std::move(response)]() mutable {
      if (auto alive = session.lock()) alive->on_answer(exchange, std::move(response));
    });
  }

 private:
  std::shared_ptr<LoopGate> gate_;
  std::weak_ptr<HttpSession> session_;
  std::uint64_t exchange_;
  std::atomic<bool> given_{false};
};

Response run_guarded(const Router& router, const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (const std::exception& thrown) {
    Error error{ErrorKind::internal, "handler_threw", std::string(request.route) + ": " + thrown.what()};
    log::error("handler_threw", error);
  }
  Error shown{ErrorKind::internal, "internal", "the server made a mistake"};
  return router.error_answer(shown, {.status = 500, .request_id = request.request_id});
}

HttpSession::Upgrade make_guarded(const WebSocketFactory& factory, const Request& request) {
  try {
    auto handler = factory(request);
    if (handler && !*handler) return fail(ErrorKind::internal, "internal", "the server made a mistake");
    return handler;
  } catch (const std::exception& thrown) {
    Error error{ErrorKind::internal, "handler_threw", std::string(request.route) + ": " + thrown.what()};
    log::error("handler_threw", error);
  }
  return fail(ErrorKind::internal, "internal", "the server made a mistake");
}

struct KeepWaiter {  // stores how the waiting coroutine goes on
  std::move_only_function<void()>* slot;
  template <class Waiter>
  void operator()(Waiter&& waiter) const {
    *slot = std::forward<Waiter>(waiter);
  }
};

}  // namespace

Awaitable<void> HttpSession::wait_for_answer() {
  KeepWaiter keep{&waiter_};
  return asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(keep, asio::use_awaitable_t<Executor>());
}

void HttpSession::resume() {
  if (auto waiter = std::exchange(waiter_, {})) waiter();
}

void HttpSession::on_answer(std::uint64_t exchange, std::optional<Response> response) {
  if (exchange != exchange_ || phase_ != Phase::handling || answer_ || upgrade_) return;
  if (response) {
    answer_ = std::move(response);
  } else {
    answer_ = error(500, {ErrorKind::internal, "internal", "the server gave no answer"});
  }
  resume();
}

void HttpSession::on_upgrade(std::uint64_t exchange, Upgrade upgrade) {
  if (exchange != exchange_ || phase_ != Phase::handling || answer_ || upgrade_) return;
  upgrade_ = std::move(upgrade);
  resume();
}

void HttpSession::on_evicted(std::uint64_t exchange) {
  if (exchange != exchange_ || phase_ != Phase::handling || answer_ || upgrade_) return;
  answer_busy();
  resume();
}

std::shared_ptr<HttpSession> HttpSession::self() { return std::static_pointer_cast<HttpSession>(shared_from_this()); }

void HttpSession::dispatch() {
  const auto& route = *match_.route;
  enter(Phase::handling, route.options.timeout_ms);
  if (const auto* factory = std::get_if<WebSocketFactory>(&route.target)) return dispatch_upgrade(*factory);
  if (const auto* handler = std::get_if<Handler>(&route.target)) {
    if (route.options.blocking) return dispatch_blocking(*handler);
    answer_ = run_guarded(server_->parts.router, *handler, parser_.request());
    return;
  }
  auto pending = std::make_shared<PendingAnswer>(transport_.shard().gate(), self(), exchange_);
  Respond respond = [pending](Response response) { pending->give(std::move(response)); };
  pending.reset();
  try {
    std::get<AsyncHandler>(route.target)(std::move(parser_.request()), std::move(respond));
  } catch (const std::exception& thrown) {
    Error error{ErrorKind::internal, "handler_threw", route.pattern + ": " + thrown.what()};
    log::error("handler_threw", error);
  }
}

void HttpSession::to_workers(WorkerPool::Job job, Lane lane) {
  auto refuse = [gate = transport_.shard().gate(), session = std::weak_ptr(self()), exchange = exchange_] {
    gate->post([session, exchange] {
      if (auto alive = session.lock()) alive->on_evicted(exchange);
    });
  };
  if (!server_->parts.workers.submit(lane, std::move(job), std::move(refuse))) answer_busy();
}

// The handler and the router outlive the job: the pool is drained before the router dies.
void HttpSession::dispatch_blocking(const Handler& handler) {
  const auto lane = server_->options.lane_of(parser_.request());
  auto job = [&handler, &router = server_->parts.router, request = std::move(parser_.request()),
              gate = transport_.shard().gate(), session = std::weak_ptr(self()), exchange = exchange_]() mutable {
    auto response = run_guarded(router, handler, request);
    gate->post([session = std::move(session), exchange, response = std::move(response)]() mutable {
      if (auto alive = session.lock()) alive->on_answer(exchange, std::move(response));
    });
  };
  to_workers(std::move(job), lane);
}

void HttpSession::dispatch_upgrade(const WebSocketFactory& factory) {
  const auto lane = server_->options.lane_of(parser_.request());
  auto key = parser_.request().header("Sec-WebSocket-Key").value_or("");
  websocket_accept_ = websocket_accept(key);
  auto job = [&factory, request = std::move(parser_.request()), gate = transport_.shard().gate(),
              session = std::weak_ptr(self()), exchange = exchange_]() mutable {
    auto upgrade = make_guarded(factory, request);
    gate->post([session = std::move(session), exchange, upgrade = std::move(upgrade)]() mutable {
      if (auto alive = session.lock()) alive->on_upgrade(exchange, std::move(upgrade));
    });
  };
  to_workers(std::move(job), lane);
}

void HttpSession::answer_busy() {
  server_->figures->queue_full.fetch_add(1, std::memory_order_relaxed);
  answer_ = error(503, {ErrorKind::unavailable, "overloaded", "the server has too much to do; try again in a second"});
  answer_->headers.set("Retry-After", "1");
}

// RFC 6455 section 4.2.1; nothing when the request is a right opening handshake.
std::optional<Response> HttpSession::refuse_upgrade() {
  const auto& request = parser_.request();
  auto header = [&](std::string_view name) { return request.header(name).value_or(std::string_view()); };
  auto has_token = [](std::string_view list, std::string_view token) {
    while (!list.empty()) {
      auto item = list.substr(0, list.find(','));
      list.remove_prefix(std::min(list.size(), item.size() + 1));
      while (item.starts_with(' ')) item.remove_prefix(1);
      while (item.ends_with(' ')) item.remove_suffix(1);
      if (equals_ignoring_case(item, token)) return true;
    }
    return false;
  };
  bool wants = has_token(header("Upgrade"), "websocket") && has_token(header("Connection"), "upgrade");
  if (!wants || header("Sec-WebSocket-Version") != "13") {
    auto answer =
        error(426, {ErrorKind::invalid, "upgrade_required", "this path is a WebSocket (RFC 6455, version 13)"});
    answer.headers.add("Upgrade", "websocket");
    answer.headers.add("Sec-WebSocket-Version", "13");
    return answer;
  }
  auto key = from_base64(header("Sec-WebSocket-Key"));
  bool right = request.method == "GET" && !parser_.is_http_1_0() && !unread_body_ && key && key->size() == 16;
  if (right) return std::nullopt;
  return error(400,
               {ErrorKind::invalid, "bad_upgrade", "the WebSocket handshake is not right (RFC 6455 section 4.2.1)"});
}

Awaitable<bool> HttpSession::start_websocket() {
  auto head =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
      websocket_accept_ + "\r\nX-Request-Id: " + request_id_ + "\r\n\r\n";
  std::string_view no_body;
  co_await write_bytes(head, no_body);
  if (dropped_) {
    (*upgrade_)->reset();
    co_return false;
  }
  record(101);
  WebSocketSession::Parts parts{.handler = std::move(**upgrade_),
                                .options = match_.route->websocket_options,
                                .figures = server_->figures,
                                .early_bytes = std::move(input_)};
  auto all = list();
  auto session = std::make_shared<WebSocketSession>(hand_over(), all, std::move(parts));
  auto executor = session->shard().executor();
  asio::co_spawn(executor, WebSocketSession::serve(session), asio::detached);
  co_return false;
}

}  // namespace answerable::net
