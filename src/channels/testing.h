// Sockets for tests of this folder: a client that reads until it has seen something, and a server that says what a
// script tells it to.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/ensure.h"

namespace answerable::channels {

// How many bytes lie between one cut of a connection and the next, where each place costs a mailbox of its own. Odd,
// for cuts take turns in how hard they are. CUT_STEP=1 cuts at every byte, in a minute.
inline std::size_t cut_step() {
  const auto* step = std::getenv("CUT_STEP");
  return step == nullptr ? 3 : std::strtoul(step, nullptr, 10);
}

class TestSocket {
 public:
  explicit TestSocket(int fd) : fd_(fd) {}
  static TestSocket connect(std::uint16_t port) {
    int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ensure(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "the test server listens");
    return TestSocket(fd);
  }
  TestSocket(TestSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), seen_(std::move(other.seen_)) {}
  TestSocket& operator=(TestSocket&&) = delete;
  ~TestSocket() { close(); }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  // Ends the connection by a reset: what the other side has not read yet is lost to it.
  void reset() {
    linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }
  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  // What has come up to and with `end`; what has come at all when the connection ends or 20 s pass.
  std::string read_until(std::string_view end) {
    while (true) {
      if (auto at = seen_.find(end); at != std::string::npos) {
        auto text = seen_.substr(0, at + end.size());
        seen_.erase(0, at + end.size());
        return text;
      }
      pollfd waiting{fd_, POLLIN, 0};
      char buffer[4096];
      auto got = ::poll(&waiting, 1, 20'000) == 1 ? ::recv(fd_, buffer, sizeof buffer, 0) : 0;
      if (got <= 0) return std::exchange(seen_, {});
      seen_.append(buffer, static_cast<std::size_t>(got));
    }
  }
  bool is_at_end() {
    pollfd waiting{fd_, POLLIN, 0};
    char byte = 0;
    return seen_.empty() && ::poll(&waiting, 1, 20'000) == 1 && ::recv(fd_, &byte, 1, MSG_PEEK) <= 0;
  }

 private:
  int fd_;
  std::string seen_;
};

// Accepts connections one after the other, each handled by `script` on the server's thread.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::function<void(TestSocket&)> script) : script_(std::move(script)) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ensure(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(fd_, 16) == 0, "a free port");
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      for (int peer = 0; (peer = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
        TestSocket socket(peer);
        script_(socket);
      }
    });
  }
  ~ScriptedServer() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }
  std::uint16_t port() const { return port_; }

 private:
  std::function<void(TestSocket&)> script_;
  int fd_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace answerable::channels
