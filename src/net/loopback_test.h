// A blocking client and a running server for tests over real loopback sockets. Waiting is on the socket, with a
// deadline of 10 s that only a failing test reaches.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "net/server.h"

namespace answerable::net::testing {

class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    timeval limit{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  int handle() const { return socket_; }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void finish_sending() { ::shutdown(socket_, SHUT_WR); }
  // False at the end of the stream, on an error and after 10 s.
  bool more() {
    char buffer[65'536];
    auto size = ::recv(socket_, buffer, sizeof buffer, 0);
    if (size <= 0) return false;
    input_.append(buffer, static_cast<std::size_t>(size));
    return true;
  }
  std::string until(std::string_view mark) {
    while (input_.find(mark) == std::string::npos) {
      if (!more()) return std::exchange(input_, {});
    }
    auto end = input_.find(mark) + mark.size();
    auto taken = input_.substr(0, end);
    input_.erase(0, end);
    return taken;
  }
  std::string exactly(std::size_t bytes) {
    while (input_.size() < bytes && more()) {
    }
    auto taken = input_.substr(0, bytes);
    input_.erase(0, taken.size());
    return taken;
  }
  std::string to_end() {
    while (more()) {
    }
    return std::exchange(input_, {});
  }
  bool at_end() { return input_.empty() && !more() && input_.empty(); }

  struct Answer {
    int status = 0;
    std::string head, body;
    bool has(std::string_view line) const { return head.find(line) != std::string::npos; }
  };
  // One answer; its body by Content-Length, none when `is_head`.
  Answer answer(bool is_head = false) {
    Answer answer;
    answer.head = until("\r\n\r\n");
    if (answer.head.size() > 12) answer.status = std::atoi(answer.head.c_str() + 9);
    auto at = answer.head.find("Content-Length: ");
    if (at != std::string::npos && !is_head) answer.body = exactly(std::stoul(answer.head.substr(at + 16)));
    return answer;
  }
  Answer ask(std::string_view request) {
    send(request);
    return answer();
  }
  std::string input_;

 private:
  int socket_;
  bool connected_ = false;
};

inline std::string get(std::string_view path, std::string_view more_headers = {}) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(more_headers) + "\r\n";
}

// Routes are added before start().
struct TestServer {
  explicit TestServer(std::size_t workers = 2, std::size_t queue_max = 64, std::size_t threads = 1)
      : pool(workers, queue_max), loop(threads) {}
  ~TestServer() {
    server.reset();
    pool.drain();
  }
  void start() {
    auto started = HttpServer::start({loop, pool, router, clock}, options);
    if (started) server = std::move(*started);
  }
  std::uint16_t port() const { return server->port(); }

  SystemClock clock;
  Router router;
  HttpServerOptions options;
  WorkerPool pool;
  EventLoop loop;
  std::unique_ptr<HttpServer> server;
};

}  // namespace answerable::net::testing
