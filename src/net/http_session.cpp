#include "net/http_session.h"

#include <fmt/format.h>

#include <utility>

namespace answerable::net {

namespace {

constexpr std::size_t body_step_bytes = 256U << 10;  // the body deadline is given again for each
// How long we read on what nobody wants, so that the answer to it is not thrown away. The time is the bound.
constexpr std::int64_t linger_ms = 10'000;
constexpr std::size_t linger_bytes_max = 64U << 20;
constexpr std::size_t small_bytes_max = 64U << 10;  // not counted by the memory budgets
constexpr std::size_t copy_body_max = 4096;         // smaller bodies go out in one piece with the head

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

bool is_written_by_us(std::string_view name) {
  constexpr std::string_view ours[] = {"Content-Length", "Transfer-Encoding", "Connection", "Date", "X-Request-Id"};
  for (auto own : ours) {
    if (equals_ignoring_case(name, own)) return true;
  }
  return false;
}

}  // namespace

HttpSession::HttpSession(Transport transport, std::shared_ptr<ConnectionList> list,
                         std::shared_ptr<HttpServerState> server)
    : Connection(std::move(transport), std::move(list)),
      server_(std::move(server)),
      parser_({server_->options.header_bytes_max, server_->options.header_count_max}),
      body_memory_(server_->body_memory),
      answer_memory_(server_->answer_memory) {}

HttpSession::~HttpSession() {
  if (in_flight_) server_->figures->requests_in_flight.fetch_sub(1);
}

Awaitable<void> HttpSession::serve(std::shared_ptr<HttpSession> self) {
  if (const auto& tls = self->server_->options.tls) {
    self->enter(Phase::head, self->server_->options.header_timeout_ms);
    auto context = tls->context();
    auto failed = co_await self->transport_.handshake(context);
    if (failed) co_return;
  }
  bool again = true;
  while (again) {
    again = co_await self->exchange();
  }
  if (self->unread_body_) {
    co_await self->linger();
  }
}

void HttpSession::enter(Phase phase, std::int64_t deadline_ms) {
  phase_ = phase;
  set_deadline_ms(deadline_ms);
}

void HttpSession::finish() {
  if (phase_ == Phase::idle) return drop();
  close_after_ = true;
}

void HttpSession::drop() {
  dropped_ = true;
  Connection::drop();
  resume();
}

void HttpSession::on_deadline() {
  server_->figures->timeouts.fetch_add(1, std::memory_order_relaxed);
  if (phase_ == Phase::handling) {
    close_after_ = true;
    Error late{ErrorKind::unavailable, "timeout", "the request took too long; it may still be carried out"};
    return on_answer(exchange_, error(503, std::move(late)));
  }
  if (phase_ == Phase::head || phase_ == Phase::body) {
    // Best effort: says why before it closes. Not for an idle connection, where 408 could be taken for an answer.
    auto answer = fmt::format("HTTP/1.1 408 {}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", reason_phrase(408));
    auto bytes = asio::buffer(answer);
    const std::array<asio::const_buffer, 1> buffers{bytes};
    ErrorCode ignored;
    transport_.send_now(buffers, ignored);
  }
  drop();
}

Awaitable<HttpParser::Outcome> HttpSession::read_head() {
  using Outcome = HttpParser::Outcome;
  enter(Phase::idle, server_->options.idle_timeout_ms);
  while (true) {
    if (!input_.empty()) {
      if (phase_ == Phase::idle) enter(Phase::head, server_->options.header_timeout_ms);
      auto outcome = parser_.read_head(input_);
      if (outcome != Outcome::need_more) co_return outcome;
    } else if (list()->is_finishing()) {
      co_return Outcome::need_more;
    }
    if (input_.capacity() > copy_body_max && input_.empty()) input_.shrink_to_fit();
    auto received = co_await transport_.receive();
    if (received.error) co_return Outcome::need_more;
    input_.append(received.bytes.data(), received.bytes.size());
  }
}

Awaitable<HttpParser::Outcome> HttpSession::read_body() {
  using Outcome = HttpParser::Outcome;
  enter(Phase::body, server_->options.body_timeout_ms);
  auto max = match_.route->options.max_body_bytes;
  std::size_t step = body_step_bytes;
  auto outcome = parser_.read_body(input_, max);
  if (outcome == Outcome::need_more && parser_.expects_continue() && parser_.request().body.empty()) {
    std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    std::string_view no_body;
    co_await write_bytes(go_on, no_body);
  }
  while (outcome == Outcome::need_more) {
    auto received = co_await transport_.receive();
    if (received.error) co_return Outcome::need_more;
    input_.append(received.bytes.data(), received.bytes.size());
    if (!has_memory_for_body()) {
      answer_busy();
      co_return Outcome::head;
    }
    outcome = parser_.read_body(input_, max);
    if (parser_.request().body.size() < step) continue;
    step += body_step_bytes;
    set_deadline_ms(server_->options.body_timeout_ms);
  }
  co_return outcome;
}

// One request and its answer; false when the connection ends after it.
Awaitable<bool> HttpSession::exchange() {
  using Outcome = HttpParser::Outcome;
  parser_.next();
  answer_.reset();
  upgrade_.reset();
  match_ = RouteMatch();
  auto outcome = co_await read_head();
  if (outcome == Outcome::need_more) co_return false;
  describe_request();
  close_after_ = close_after_ || !parser_.keep_alive() || list()->is_finishing();
  unread_body_ = outcome != Outcome::complete;
  bool routed = outcome != Outcome::refused && !answer_without_route();
  if (routed && outcome == Outcome::head) {
    outcome = co_await read_body();
  }
  if (outcome == Outcome::need_more) co_return false;
  if (outcome == Outcome::refused) {
    server_->figures->malformed.fetch_add(1, std::memory_order_relaxed);
    answer_ = error(parser_.refusal().status, parser_.refusal().error);
  }
  unread_body_ = outcome != Outcome::complete;
  close_after_ = close_after_ || unread_body_;
  if (routed && outcome == Outcome::complete) {
    dispatch();
    if (!answer_ && !upgrade_) {
      co_await wait_for_answer();
    }
    clear_deadline();
  }
  if (dropped_) co_return false;
  if (upgrade_ && upgrade_->has_value()) {
    auto started = co_await start_websocket();
    co_return started;
  }
  if (upgrade_) answer_ = error(0, upgrade_->error());
  if (!answer_) co_return false;
  give_up_answer_without_memory();
  co_await write(*answer_);
  answer_.reset();
  body_memory_.release();
  answer_memory_.release();
  co_return !close_after_ && !dropped_;
}

void HttpSession::describe_request() {
  auto& request = parser_.request();
  auto& figures = *server_->figures;
  figures.requests.fetch_add(1, std::memory_order_relaxed);
  figures.requests_in_flight.fetch_add(1, std::memory_order_relaxed);
  in_flight_ = true;
  began_ = SteadyClock::now();
  ++exchange_;
  request_id_ = fmt::format("{}{:06x}", server_->request_id_prefix, server_->next_request.fetch_add(1) + 1);
  method_ = request.method;
  request.request_id = request_id_;
  request.peer_address = transport_.peer_address();
  request.secure = transport_.is_secure();
  const auto& trusted = server_->options.trusted_proxies;
  if (trusted.empty()) return;
  auto forwarded = request.header("X-Forwarded-For").value_or("");
  auto client = client_address(request.peer_address, forwarded, trusted);
  bool by_proxy = client_address(request.peer_address, "192.0.2.1", trusted) != request.peer_address;
  auto protocol = request.header("X-Forwarded-Proto");
  if (by_proxy && protocol) request.secure = equals_ignoring_case(*protocol, "https");
  request.peer_address = std::move(client);
}

// True when the router already knows the answer, before the body is read.
bool HttpSession::answer_without_route() {
  auto& request = parser_.request();
  match_ = server_->parts.router.match(request.method, request.path);
  switch (match_.kind) {
    case RouteMatch::Kind::found:
      request.route = match_.route->pattern;
      request.path_parameters = std::move(match_.parameters);
      if (match_.route->is_websocket()) answer_ = refuse_upgrade();
      return answer_.has_value();
    case RouteMatch::Kind::options: answer_.emplace().status = 204; break;
    case RouteMatch::Kind::method_not_allowed:
      answer_ = error(405, {ErrorKind::invalid, "method_not_allowed", "this path does not know the method; see Allow"});
      break;
    case RouteMatch::Kind::bad_path:
      answer_ = error(400, {ErrorKind::invalid, "bad_path", "the path is not valid percent-encoded UTF-8"});
      return true;
    case RouteMatch::Kind::not_found:
      answer_ = error(404, {ErrorKind::not_found, "no_such_path", "there is nothing at this path"});
      return true;
  }
  answer_->headers.add("Allow", match_.allow);
  return true;
}

bool HttpSession::has_memory_for_body() {
  const auto bytes = parser_.request().body.size() + input_.size();
  return bytes <= small_bytes_max || body_memory_.grow_to(bytes);
}

// Embedded files cost nothing; what is too much to keep for a slow reader is refused before it is written.
void HttpSession::give_up_answer_without_memory() {
  const auto bytes = answer_->static_body.empty() ? answer_->content().size() : 0;
  if (bytes > small_bytes_max && !answer_memory_.grow_to(bytes)) answer_busy();
}

Response HttpSession::error(int status, Error error) const {
  return server_->parts.router.error_answer(error, {.status = status, .request_id = request_id_});
}

std::string HttpSession::head_of(const Response& response) const {
  std::string head;
  head.reserve(320 + response.headers.bytes());
  auto out = std::back_inserter(head);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  for (std::size_t i = 0; i < response.headers.size(); ++i) {
    auto field = response.headers[i];
    if (is_written_by_us(field.name)) continue;
    head.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  const auto& every = server_->options.every_answer;
  for (std::size_t i = 0; i < every.size(); ++i) {
    if (!response.headers.find(every[i].name))
      head.append(every[i].name).append(": ").append(every[i].value).append("\r\n");
  }
  auto now_ms = server_->parts.clock.now().ms;
  head.append("Date: ").append(transport_.shard().http_date(now_ms)).append("\r\nX-Request-Id: ").append(request_id_);
  if (may_have_body(response.status)) fmt::format_to(out, "\r\nContent-Length: {}", response.content().size());
  if (close_after_) head.append("\r\nConnection: close");
  if (!close_after_ && parser_.is_http_1_0()) head.append("\r\nConnection: keep-alive");
  head.append("\r\n\r\n");
  return head;
}

Awaitable<void> HttpSession::write(const Response& response) {
  close_after_ = close_after_ || list()->is_finishing();
  auto head = head_of(response);
  bool has_body = may_have_body(response.status) && method_ != "HEAD";
  auto body = has_body ? response.content() : std::string_view();
  if (body.size() <= copy_body_max) {
    head.append(body);
    body = {};
  }
  co_await write_bytes(head, body);
  record(response.status);
}

Awaitable<void> HttpSession::write_bytes(std::string_view head, std::string_view body) {
  if (phase_ != Phase::body) enter(Phase::writing, server_->options.write_timeout_ms);
  // In steps, so that the deadline is for progress and not for the whole of a large body.
  constexpr std::size_t step = 1U << 20;
  while (!head.empty() || !body.empty()) {
    auto part = body.substr(0, step);
    auto failed = co_await transport_.send_all(head, part);
    if (failed) {
      dropped_ = true;
      co_return;
    }
    head = {};
    body.remove_prefix(part.size());
    if (!body.empty()) set_deadline_ms(server_->options.write_timeout_ms);
  }
}

void HttpSession::record(int status) {
  server_->figures->requests_in_flight.fetch_sub(1, std::memory_order_relaxed);
  in_flight_ = false;
  if (!server_->options.observe) return;
  auto took = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - began_).count();
  auto route = match_.route != nullptr ? std::string_view(match_.route->pattern) : std::string_view();
  server_->options.observe({.method = method_, .route = route, .status = status, .duration_us = took});
}

// Closing while the peer still sends makes its system throw our answer away: read on for a while.
Awaitable<void> HttpSession::linger() {
  transport_.shutdown_send();
  enter(Phase::closing, linger_ms);
  std::size_t total = 0;
  while (total < linger_bytes_max) {
    auto received = co_await transport_.receive();
    if (received.error) co_return;
    total += received.bytes.size();
  }
}

}  // namespace answerable::net
