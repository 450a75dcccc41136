// A real DNS server (dnsmasq) on a free loopback port, with the TXT records that a test gives it. Names below
// example, test, org, net and com that have none do not exist; names below slow.test get no answer at all.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/ensure.h"

extern char** environ;

namespace answerable::testing {

class DnsServer {
 public:
  using Records = std::map<std::string, std::string>;  // name, text

  explicit DnsServer(const Records& records) : silent_(bind_udp()), port_(free_port()) {
    words_ = {"/usr/sbin/dnsmasq",
              "--port=" + std::to_string(port_),
              "--keep-in-foreground",
              "--conf-file=/dev/null",
              "--no-hosts",
              "--no-resolv",
              "--user=",
              "--group=",
              "--pid-file=",
              "--bind-interfaces",
              "--listen-address=127.0.0.1",
              "--log-facility=-",
              "--local=/example/",
              "--local=/org/",
              "--local=/net/",
              "--local=/com/",
              "--local=/test/",
              "--server=/slow.test/127.0.0.1#" + std::to_string(port_of(silent_))};
    for (const auto& [name, text] : records) words_.push_back("--txt-record=" + name + in_strings(text));
    // Between our look and its start another program may take the port, which it needs for TCP too.
    for (int tries = 1; !can_start(); ++tries) {
      ensure(tries < 10, "dnsmasq starts");
      port_ = free_port();
      words_[port_word] = "--port=" + std::to_string(port_);
    }
  }
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;
  ~DnsServer() {
    stop();
    ::close(silent_);
  }

  // As DnsOptions::servers wants it.
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  void stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }

  // Once more, on the port that it had; returns when the server says that it has started.
  void start() {
    if (process_ <= 0) ensure(can_start(), "dnsmasq starts");
  }

 private:
  static constexpr std::size_t port_word = 1;

  bool can_start() {
    std::vector<char*> arguments;
    for (auto& word : words_) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::array<int, 2> pipe{};
    ensure(::pipe(pipe.data()) == 0, "a pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 2);
    posix_spawn_file_actions_addclose(&actions, pipe[0]);
    const int failed = ::posix_spawn(&process_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    ensure(failed == 0, "dnsmasq is installed: script/bootstrap --test");
    std::string said;
    std::array<char, 4096> buffer{};
    ssize_t size = 1;
    while (size > 0 && said.find("started") == std::string::npos) {
      size = ::read(pipe[0], buffer.data(), buffer.size());
      said.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    }
    // Its later words go nowhere; a closed pipe does not end it.
    ::close(pipe[0]);
    if (size <= 0) stop();  // it has ended by itself
    return size > 0;
  }

  static int bind_udp() {
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ensure(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "a loopback port is free");
    return socket;
  }
  static std::uint16_t port_of(int socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }
  static std::uint16_t free_port() {
    const int socket = bind_udp();
    const auto port = port_of(socket);
    ::close(socket);
    return port;
  }
  // A string of the DNS has at most 255 bytes.
  static std::string in_strings(const std::string& text) {
    std::string strings;
    for (std::size_t at = 0; at < text.size(); at += 200) strings += "," + text.substr(at, 200);
    return strings;
  }
  int silent_;
  std::uint16_t port_;
  std::vector<std::string> words_;
  pid_t process_ = -1;
};

}  // namespace answerable::testing
