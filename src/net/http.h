// HTTP as handlers see it (RFC 9110): a request that is complete and checked, a response that is a value.
// Plain values without threads; header names compare without regard to case. No header of a library shows here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace answerable::net {

// Header fields in the order of arrival. All bytes lie in one block, so a request costs two allocations, not thirty.
class Headers {
 public:
  struct Field {
    std::string_view name, value;  // valid until the next add() or set()
  };

  // Control characters become blanks: a value that a stranger chose (a file name) cannot start a new header.
  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);            // replaces all fields of that name
  std::optional<std::string_view> find(std::string_view name) const;  // the first of that name
  std::size_t count(std::string_view name) const;
  std::size_t size() const { return fields_.size(); }
  std::size_t bytes() const { return text_.size(); }
  Field operator[](std::size_t i) const;
  void reserve(std::size_t fields, std::size_t bytes);

 private:
  struct Slice {
    std::uint32_t name_at = 0, name_bytes = 0, value_at = 0, value_bytes = 0;
  };
  std::string text_;
  std::vector<Slice> fields_;
};

struct Request {
  std::string method;  // in capitals, as sent
  std::string target;  // as sent: path and query
  std::string path;    // still percent-encoded, starts with '/'
  std::string query;   // still percent-encoded, without the '?'
  Headers headers;
  std::string body;          // complete; at most max_body_bytes of the route
  std::string peer_address;  // IP address without port; behind a trusted proxy that of the client
  bool secure = false;       // came by TLS, or a trusted proxy says so
  std::string request_id;    // made here, goes back as X-Request-Id
  std::string_view route;    // the pattern that matched; lives as long as the router
  std::vector<std::pair<std::string, std::string>> path_parameters;  // decoded, valid UTF-8, never empty

  std::optional<std::string_view> header(std::string_view name) const { return headers.find(name); }
  // The value of {name} in the pattern; empty when the pattern has no such parameter.
  std::string_view path_parameter(std::string_view name) const;
  // Decoded (RFC 3986, and '+' as a blank), made valid UTF-8; the first of that name.
  std::optional<std::string> query_parameter(std::string_view name) const;
  // RFC 6265 section 5.4; the first of that name, without surrounding quotes.
  std::optional<std::string_view> cookie(std::string_view name) const;
};

// Exactly one of the three bodies is used: the first that is not empty, in the order written here.
struct Response {
  int status = 200;
  Headers headers;  // Content-Length, Date, Connection and X-Request-Id are added when it is written
  std::string body;
  std::string_view static_body;                    // bytes that live as long as the process (embedded assets)
  std::shared_ptr<const std::string> shared_body;  // a blob, shared and not copied

  std::string_view content() const;
  static Response text(int status, std::string body, std::string_view content_type = "text/plain; charset=utf-8");
};

// Thread-safe; only the first call counts. When the last copy dies without a call, the answer is 500.
using Respond = std::function<void(Response)>;
// Runs on the event loop: must not block. Answers now or later, from any thread.
using AsyncHandler = std::function<void(Request, Respond)>;
// Runs on the worker pool (or on the event loop when the route is not blocking).
using Handler = std::function<Response(const Request&)>;

// Turns what the server itself refuses (404, 413, 503 …) and what a WebSocket factory refuses into an answer, so that
// there is one form of error for the whole API. Called on any thread.
struct ErrorContext {
  int status = 0;  // 0: derive it from the kind of the error
  std::string_view request_id;
};
using ErrorAnswer = std::function<Response(const Error&, const ErrorContext&)>;
Response default_error_answer(const Error& error, const ErrorContext& context);  // RFC 9457
int default_status(ErrorKind kind);

std::string_view reason_phrase(int status);
// nullopt when a '%' is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text);
std::string percent_encode(std::string_view text);                  // all but the unreserved characters of RFC 3986
bool equals_ignoring_case(std::string_view a, std::string_view b);  // ASCII

}  // namespace answerable::net
