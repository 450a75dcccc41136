// Accepts connections on one port and deals them out to the threads of the loop. For src/net/*.cpp only.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "net/connection.h"

namespace answerable::net {

class EventLoop;

struct ListenerOptions {
  std::string host;  // an IP address
  std::uint16_t port = 0;
  std::size_t connections_max = 0;
  std::string too_many_reply;  // written without waiting to the one too many; empty: just closed
};

struct ListenerParts {
  std::shared_ptr<ConnectionList> list;
  std::function<void(Transport)> on_connection;  // on the connection's own thread; it is counted in the list already
  std::function<void()> on_refused;
  // A place for a connection from that address, held as long as it lasts; nothing: it is refused. Empty: all may come.
  std::function<std::optional<std::shared_ptr<const void>>(const std::string& address)> find_seat = {};
};

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  static Result<std::shared_ptr<Listener>> start(EventLoop& loop, ListenerOptions options, ListenerParts parts);

  std::uint16_t port() const { return port_; }
  void stop();  // thread-safe, returns when nothing more can be accepted

 private:
  Listener(EventLoop& loop, ListenerOptions options, ListenerParts parts);
  static Awaitable<void> accept_all(std::shared_ptr<Listener> self);
  static Awaitable<void> pause(Executor executor);
  void deal(LoopShard& shard, Socket socket);
  void refuse(Socket& socket);

  EventLoop& loop_;
  ListenerOptions options_;
  ListenerParts parts_;
  std::shared_ptr<LoopGate> gate_;
  std::unique_ptr<Acceptor> acceptor_;  // touched on the first thread only once started
  std::uint16_t port_ = 0;
  std::size_t next_shard_ = 0;
};

}  // namespace answerable::net
