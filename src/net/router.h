// Which handler answers which request. Filled once while the server is put together, then read only (by all threads).
// Patterns are literal segments, {name} for one segment, and {name*} at the end for the rest of the path. A literal
// wins over a parameter. Segments are decoded after the path is cut, so %2F does not separate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "net/http.h"
#include "net/websocket.h"

namespace answerable::net {

struct RouteOptions {
  std::size_t max_body_bytes = 1U << 20;
  std::int64_t timeout_ms = 30'000;  // then 503 goes out and a later answer is dropped
  bool blocking = true;              // false: a Handler runs on the event loop and must not block
};

struct Route {
  std::string method;
  std::string pattern;
  RouteOptions options;
  WebSocketOptions websocket_options;
  std::variant<Handler, AsyncHandler, WebSocketFactory> target;
  bool is_websocket() const { return std::holds_alternative<WebSocketFactory>(target); }
};

struct RouteMatch {
  enum class Kind : std::uint8_t { found, not_found, method_not_allowed, bad_path, options } kind = Kind::not_found;
  const Route* route = nullptr;  // when found
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string allow;  // for method_not_allowed and options
};

class Router {
 public:
  static constexpr std::size_t segments_max = 32;

  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  // Adding a pattern twice with the same method is our mistake and aborts. HEAD is answered by GET, OPTIONS by the list
  // of methods, unless they are added themselves.
  void add(std::string_view method, std::string_view pattern, Handler handler, RouteOptions options = {});
  void add_async(std::string_view method, std::string_view pattern, AsyncHandler handler, RouteOptions options = {});
  // The factory runs on the worker pool before the upgrade; its error becomes the HTTP answer. Check Origin there.
  void add_websocket(std::string_view pattern, WebSocketFactory factory, WebSocketOptions options = {});
  // Answers GET and HEAD for every path that no pattern matches (the pages of the web application). On the event loop.
  void fallback(Handler handler);
  void set_error_answer(ErrorAnswer answer) { error_answer_ = std::move(answer); }

  RouteMatch match(std::string_view method, std::string_view path) const;
  Response error_answer(const Error& error, const ErrorContext& context) const { return error_answer_(error, context); }
  // Every route, for tests that try them all and for the API document.
  const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

 private:
  struct Node;
  void insert(std::unique_ptr<Route> route);

  std::unique_ptr<Node> root_;
  std::vector<std::unique_ptr<Route>> routes_;
  std::unique_ptr<Route> fallback_;
  ErrorAnswer error_answer_ = default_error_answer;
};

}  // namespace answerable::net
