// HTTP/1.1 server (RFC 9110, RFC 9112, RFC 6455), plain or TLS. Refuses ambiguous framing (Content-Length together with
// Transfer-Encoding, either of them twice), folded headers, control characters and unknown transfer codings.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/address.h"
#include "net/event_loop.h"
#include "net/router.h"
#include "net/tls.h"
#include "net/worker_pool.h"

namespace answerable::net {

struct RequestRecord {             // for metrics and the access log
  std::string_view method, route;  // route: the pattern, or empty when none matched
  int status = 0;
  std::int64_t duration_us = 0;  // from the complete head to the written answer
};

struct HttpServerOptions {
  std::string host = "127.0.0.1";        // an IP address
  std::uint16_t port = 0;                // 0: any free one
  std::shared_ptr<TlsIdentity> tls;      // null: plain
  std::vector<IpRange> trusted_proxies;  // whose X-Forwarded-For and X-Forwarded-Proto are believed

  Headers every_answer;  // what each answer says, a refusal of the server's own too, unless it says otherwise itself

  std::size_t connections_max = 20'000;  // one more is answered 503 and closed
  // The same, of one client address (of IPv6 its /64); trusted proxies, which stand for many, have as many as they
  // like.
  std::size_t connections_per_address_max = 20'000;
  std::size_t body_memory_max = 256U << 20;    // bodies above 64 KB that are being received; more: 503
  std::size_t answer_memory_max = 256U << 20;  // answers above 64 KB that are being written; more: 503
  std::size_t header_bytes_max = 16U << 10;    // request line and headers; more: 431
  std::size_t header_count_max = 100;          // more: 431
  std::int64_t header_timeout_ms = 10'000;  // from its first byte to the end of the headers (and for the TLS handshake)
  std::int64_t idle_timeout_ms = 75'000;    // between two requests
  std::int64_t body_timeout_ms = 30'000;    // for 256 KB of body; larger bodies get as much again per 256 KB
  std::int64_t write_timeout_ms = 30'000;   // without any progress while the answer is written
  // Whom a request is for, so that one cannot keep the workers from another. On the event loop: must not block. Empty:
  // its network address.
  std::function<Lane(const Request&)> lane_of;
  std::function<void(const RequestRecord&)> observe;  // on the event loop: must not block; may be empty
};

struct HttpServerFigures {  // for metrics; read at any time
  std::atomic<std::int64_t> connections{0}, websockets{0}, requests_in_flight{0};
  std::atomic<std::uint64_t> requests{0}, connections_refused{0}, websockets_closed_slow{0};
  std::atomic<std::uint64_t> malformed{0}, timeouts{0}, queue_full{0};
};

struct HttpServerParts {  // all outlive the server, and the loop the longest
  EventLoop& loop;
  WorkerPool& workers;
  const Router& router;
  const Clock& clock;
};

class HttpServer {
 public:
  static Result<std::unique_ptr<HttpServer>> start(HttpServerParts parts, HttpServerOptions options);
  ~HttpServer();  // stop(0)

  std::uint16_t port() const;
  const HttpServerFigures& figures() const;
  std::int64_t body_memory_used() const;  // bytes, of body_memory_max
  // Stops accepting, lets requests in flight finish, closes WebSockets with 1001; drops what is left after the
  // deadline. Blocks until all connections are gone. Not from the loop's threads. True when nothing had to be dropped.
  bool stop(std::int64_t deadline_ms);

 private:
  struct State;
  explicit HttpServer(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace answerable::net
