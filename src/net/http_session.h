// One HTTP connection: requests one after the other, each read whole, answered, then the next. For src/net/*.cpp only.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/connection.h"
#include "net/http_parser.h"
#include "net/memory_budget.h"
#include "net/server.h"

namespace answerable::net {

struct HttpServerState {
  HttpServerParts parts;
  HttpServerOptions options;
  std::shared_ptr<HttpServerFigures> figures = std::make_shared<HttpServerFigures>();
  std::string request_id_prefix;  // random for each process, so that ids of two runs differ
  std::atomic<std::uint64_t> next_request{0};
  MemoryBudget body_memory{options.body_memory_max}, answer_memory{options.answer_memory_max};
};

class HttpSession final : public Connection {
 public:
  HttpSession(Transport transport, std::shared_ptr<ConnectionList> list, std::shared_ptr<HttpServerState> server);
  ~HttpSession() override;
  static Awaitable<void> serve(std::shared_ptr<HttpSession> self);

  void finish() override;
  void drop() override;

  using Upgrade = Result<std::unique_ptr<WebSocketHandler>>;
  // On this thread, from Respond and from the worker that made a WebSocket handler. Late answers are ignored.
  void on_answer(std::uint64_t exchange, std::optional<Response> response);  // nothing: Respond died without a call
  void on_upgrade(std::uint64_t exchange, Upgrade upgrade);
  void on_evicted(std::uint64_t exchange);  // its request has given way to another's

 private:
  enum class Phase : std::uint8_t { idle, head, body, handling, writing, closing };

  void on_deadline() override;
  Awaitable<bool> exchange();
  Awaitable<HttpParser::Outcome> read_head();
  Awaitable<HttpParser::Outcome> read_body();
  Awaitable<void> write(const Response& response);
  Awaitable<void> write_bytes(std::string_view head, std::string_view body);
  Awaitable<bool> start_websocket();
  Awaitable<void> linger();
  Awaitable<void> wait_for_answer();

  void describe_request();
  bool answer_without_route();
  bool has_memory_for_body();
  void give_up_answer_without_memory();
  void dispatch();
  void dispatch_blocking(const Handler& handler);
  void dispatch_upgrade(const WebSocketFactory& factory);
  void answer_busy();
  void to_workers(WorkerPool::Job job, Lane lane);
  std::shared_ptr<HttpSession> self();
  Response error(int status, Error error) const;
  std::optional<Response> refuse_upgrade();
  std::string head_of(const Response& response) const;
  void resume();
  void enter(Phase phase, std::int64_t deadline_ms);
  void record(int status);

  std::shared_ptr<HttpServerState> server_;
  HttpParser parser_;
  std::string input_;
  MemoryShare body_memory_, answer_memory_;
  Phase phase_ = Phase::idle;
  std::uint64_t exchange_ = 0;
  RouteMatch match_;
  std::string request_id_, method_, websocket_accept_;
  SteadyClock::time_point began_;
  bool close_after_ = false, unread_body_ = false, in_flight_ = false, dropped_ = false;
  std::optional<Response> answer_;
  std::optional<Upgrade> upgrade_;
  std::move_only_function<void()> waiter_;
};

}  // namespace answerable::net
