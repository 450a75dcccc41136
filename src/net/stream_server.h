// A TCP server for protocols of lines and bytes (LMTP, SMTP). The protocol is a state machine without I/O: bytes in,
// what to do out. Sockets, deadlines, limits, back-pressure and TLS are here.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/event_loop.h"
#include "net/tls.h"

namespace answerable::net {

// What a protocol may tell its connection. Only valid during the call that it is handed to.
class StreamOutput {
 public:
  virtual ~StreamOutput() = default;
  virtual void write(std::string_view bytes) = 0;
  // No more on_bytes until resume(); bytes that were not consumed stay and are offered again. For an answer that waits
  // for a commit: pause(), hand the work away with the StreamPeer, and in its post(): write(), resume().
  virtual void pause() = 0;
  virtual void resume() = 0;
  // After what was written has left, does the TLS handshake. Plain bytes that came early are thrown away (they may be
  // injected: RFC 3207 section 4.2 and CVE-2011-0411). on_tls() follows. Only if the server has a TlsIdentity.
  virtual void start_tls() = 0;
  virtual void close() = 0;                // after what was written has left
  virtual bool can_start_tls() const = 0;  // has an identity, and not yet in TLS
  virtual bool is_secure() const = 0;
};

// Reaches a connection from any thread, and may outlive it.
class StreamPeer {
 public:
  virtual ~StreamPeer() = default;
  virtual const std::string& address() const = 0;  // IP address without port
  // Runs on the connection's thread, in order of posting, as long as the protocol object exists (so `this` of the
  // protocol may be captured); dropped when it no longer does.
  virtual void post(std::function<void(StreamOutput&)> work) = 0;
};

// All calls come on one thread of the event loop: must not block. on_close is the last one, exactly once.
class StreamProtocol {
 public:
  virtual ~StreamProtocol() = default;
  virtual void on_open(std::shared_ptr<StreamPeer> peer, StreamOutput& out) = 0;  // write the greeting
  // All bytes that wait. Returns how many are consumed; the rest is offered again together with more. When
  // unconsumed_bytes_max wait and nothing is consumed the connection is closed.
  virtual std::size_t on_bytes(std::string_view bytes, StreamOutput& out) = 0;
  virtual void on_tls(StreamOutput&) {}
  virtual void on_idle(StreamOutput&) {}  // the idle deadline has passed; may write a farewell; closed afterwards,
                                          // unless it pauses: then it must call close() itself
  virtual void on_close() {}
};

using StreamProtocolFactory = std::function<std::unique_ptr<StreamProtocol>()>;  // on the loop's thread

struct StreamServerOptions {
  std::string host = "127.0.0.1";  // an IP address
  std::uint16_t port = 0;          // 0: any free one
  std::shared_ptr<TlsIdentity> tls;
  bool tls_from_start = false;  // otherwise only on start_tls()
  std::size_t connections_max = 1'000;
  std::string too_many_reply;  // written to the one too many before it is closed ("421 …\r\n"), when not in TLS
  std::int64_t idle_timeout_ms = 300'000;  // RFC 5321 section 4.5.3.2.7; not counted while paused
  std::int64_t write_timeout_ms = 60'000;  // without any progress while output waits
  std::size_t unconsumed_bytes_max = 256U << 10;
};

struct StreamServerFigures {  // for metrics; read at any time
  std::atomic<std::int64_t> connections{0};
  std::atomic<std::uint64_t> accepted{0}, refused{0}, timeouts{0};
};

class StreamServer {
 public:
  static Result<std::unique_ptr<StreamServer>> start(EventLoop& loop, StreamProtocolFactory factory,
                                                     StreamServerOptions options);
  ~StreamServer();  // stop(0)
  std::uint16_t port() const;
  const StreamServerFigures& figures() const;
  // Stops accepting; connections that are not paused get on_idle() and are closed, paused ones after they resumed and
  // wrote; dropped after the deadline. Blocks; not from the loop's threads. True when nothing had to be dropped.
  bool stop(std::int64_t deadline_ms);

 private:
  struct State;
  explicit StreamServer(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace answerable::net
