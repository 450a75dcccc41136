#include "net/clamd.h"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

namespace answerable::net {
namespace {

// Takes one order, says one thing, and hangs up. ClamAV's own daemon is in tests/api/malware.test.mjs.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer, bool hangs_up = true) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(fd_, 4) == 0);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, answer = std::move(answer), hangs_up] {
      const int peer = ::accept(fd_, nullptr, nullptr);
      (void)!::write(peer, answer.data(), answer.size());
      char byte = 0;
      while (!hangs_up && ::read(peer, &byte, 1) > 0) continue;
      ::close(peer);
    });
  }
  ~OneAnswer() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }
  Clamd daemon(std::int64_t timeout_ms = 5'000) const {
    return Clamd({.socket_path = {}, .host = "127.0.0.1", .port = port_, .timeout_ms = timeout_ms});
  }

 private:
  int fd_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::string code_of(std::string_view answer) {
  const auto found = read_clamd_answer(answer);
  return found ? "found " + found->name : found.error().code;
}

TEST_CASE("what the daemon says is clean, found, too large, a failure, or no answer") {
  CHECK(code_of("stream: OK") == "found ");
  CHECK(code_of("stream: Eicar-Test-Signature FOUND") == "found Eicar-Test-Signature");
  CHECK(code_of("stream: A FOUND FOUND") == "found A FOUND");
  CHECK(code_of("INSTREAM size limit exceeded. ERROR") == "scanner_too_large");
  CHECK(code_of("stream: Can't allocate memory ERROR") == "scanner_failed");
  for (const auto* nonsense :
       {"", "OK", "stream:  FOUND", "stream: FOUND", "stream: OK\n", "UNKNOWN COMMAND", " FOUND"})
    CHECK(code_of(nonsense) == "scanner_unavailable");
}

TEST_CASE("an answer without an end, without content or without an answer is none") {
  CHECK(OneAnswer(std::string("stream: OK\0", 11)).daemon().scan("x").has_value());
  CHECK(OneAnswer("stream: OK").daemon().scan("x").error().code == "scanner_unavailable");
  CHECK(OneAnswer("").daemon().scan("x").error().code == "scanner_unavailable");
  CHECK(OneAnswer(std::string(10'000, 'x')).daemon().scan("x").error().code == "scanner_unavailable");
  CHECK(OneAnswer("", false).daemon(50).scan("x").error().detail.find("too long") != std::string::npos);
}

TEST_CASE("a daemon that hangs up in the middle of what it is given is heard out") {
  const OneAnswer peer(std::string("INSTREAM size limit exceeded. ERROR\0", 36));
  const auto found = peer.daemon().scan(std::string(8UL << 20, 'x'));
  REQUIRE_FALSE(found);
  // Where the system throws its words away with the connection, it is no answer; never a clean one.
  CHECK((found.error().code == "scanner_too_large" || found.error().code == "scanner_unavailable"));
}

TEST_CASE("nobody there is said, and an address is a socket or a host and port") {
  CHECK(Clamd({.socket_path = "/nowhere/clamd.ctl"}).scan("x").error().code == "scanner_unavailable");
  CHECK(parse_clamd_address("unix:/run/clamav/clamd.ctl")->socket_path == "/run/clamav/clamd.ctl");
  CHECK(parse_clamd_address("127.0.0.1:3310")->port == 3310);
  CHECK(parse_clamd_address("unix:/" + std::string(106, 'x')).has_value());
  CHECK_FALSE(parse_clamd_address("unix:/" + std::string(107, 'x')).has_value());
  for (const auto* wrong : {"", "unix:", "unix:relative", "/run/clamav/clamd.ctl", "host"})
    CHECK_FALSE(parse_clamd_address(wrong).has_value());
}

}  // namespace
}  // namespace answerable::net
