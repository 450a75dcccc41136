#include "net/clamd.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "net/address.h"

namespace answerable::net {

namespace {

constexpr std::size_t chunk_bytes = 256UL * 1024;
constexpr std::size_t answer_bytes_max = 4'096;

Error not_there(std::string_view why) {
  return {ErrorKind::unavailable, "scanner_unavailable", "The malware scanner does not answer: " + std::string(why)};
}

class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_ = -1;
};

// The sockets do not block, so that no step takes longer than it may.
Status wait_for(int fd, short events, std::int64_t timeout_ms) {
  pollfd one{fd, events, 0};
  const int ready = ::poll(&one, 1, static_cast<int>(timeout_ms));
  if (ready > 0) return {};
  return std::unexpected(not_there(ready == 0 ? "it takes too long." : std::strerror(errno)));
}

Result<Socket> connected(int family, const sockaddr* address, socklen_t length, std::int64_t timeout_ms) {
  Socket socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.fd() < 0) return std::unexpected(not_there(std::strerror(errno)));
  if (::connect(socket.fd(), address, length) == 0) return socket;
  if (errno != EINPROGRESS) return std::unexpected(not_there(std::strerror(errno)));
  TRY_STATUS(wait_for(socket.fd(), POLLOUT, timeout_ms));
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return std::unexpected(not_there(std::strerror(error)));
  return socket;
}

Result<Socket> connect_to(const ClamdOptions& options) {
  if (!options.socket_path.empty()) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(options.socket_path, address.sun_path);  // parse_clamd_address checked its length
    return connected(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address, options.timeout_ms);
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const auto port = std::to_string(options.port);
  if (const int error = ::getaddrinfo(options.host.c_str(), port.c_str(), &hints, &found); error != 0)
    return std::unexpected(not_there(::gai_strerror(error)));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  return connected(found->ai_family, found->ai_addr, found->ai_addrlen, options.timeout_ms);
}

// False: the daemon has closed its side, because it has heard enough. Its answer may say why.
Result<bool> send_all(const Socket& socket, std::string_view bytes, std::int64_t timeout_ms) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      TRY_STATUS(wait_for(socket.fd(), POLLOUT, timeout_ms));
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

std::array<char, 4> length_prefix(std::size_t length) {
  return {static_cast<char>(length >> 24), static_cast<char>(length >> 16), static_cast<char>(length >> 8),
          static_cast<char>(length)};
}

Status send_stream(const Socket& socket, std::string_view stream, std::int64_t timeout_ms) {
  for (std::size_t at = 0; at < stream.size(); at += chunk_bytes) {
    const auto chunk = stream.substr(at, chunk_bytes);
    const auto prefix = length_prefix(chunk.size());
    TRY(bool goes_on, send_all(socket, {prefix.data(), prefix.size()}, timeout_ms));
    if (!goes_on) return {};
    TRY(goes_on, send_all(socket, chunk, timeout_ms));
    if (!goes_on) return {};
  }
  const auto end = length_prefix(0);
  TRY(const bool goes_on, send_all(socket, {end.data(), end.size()}, timeout_ms));
  (void)goes_on;
  return {};
}

Result<std::string> read_answer(const Socket& socket, std::int64_t timeout_ms) {
  std::string answer;
  std::array<char, 512> piece{};
  while (answer.size() < answer_bytes_max) {
    const auto got = ::recv(socket.fd(), piece.data(), piece.size(), 0);
    if (got > 0) {
      answer.append(piece.data(), static_cast<std::size_t>(got));
      if (const auto end = answer.find('\0'); end != std::string::npos) return answer.substr(0, end);
    } else if (got == 0) {
      return std::unexpected(not_there("it closed the connection before its answer was complete."));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      TRY_STATUS(wait_for(socket.fd(), POLLIN, timeout_ms));
    } else if (errno != EINTR) {
      return std::unexpected(not_there(std::strerror(errno)));
    }
  }
  return std::unexpected(not_there("what it says has no end."));
}

}  // namespace

Result<ClamdOptions> parse_clamd_address(const std::string& text) {
  ClamdOptions options;
  if (text.starts_with("unix:/")) {
    options.socket_path = text.substr(5);
    if (options.socket_path.size() < sizeof(sockaddr_un::sun_path)) return options;
  } else if (const auto address = parse_host_port(text)) {
    options.host = address->host;
    options.port = address->port;
    return options;
  }
  return fail(ErrorKind::invalid, "clamd_address",
              "Write the scanner's address as unix:/run/clamav/clamd.ctl or host:port, not \"" + text + "\".");
}

Result<ClamdFound> read_clamd_answer(std::string_view answer) {
  constexpr std::string_view about_stream = "stream: ", found = " FOUND";
  if (answer == "stream: OK") return ClamdFound();
  if (answer.size() > about_stream.size() + found.size() && answer.starts_with(about_stream) &&
      answer.ends_with(found)) {
    const auto length = answer.size() - about_stream.size() - found.size();
    return ClamdFound{std::string(answer.substr(about_stream.size(), length))};
  }
  if (answer.starts_with("INSTREAM size limit exceeded"))
    return fail(ErrorKind::limited, "scanner_too_large",
                "It is larger than the malware scanner takes (StreamMaxLength in clamd.conf).");
  if (answer.ends_with(" ERROR"))
    return fail(ErrorKind::internal, "scanner_failed",
                "The malware scanner could not look at it: " + std::string(answer));
  return std::unexpected(not_there("it says \"" + std::string(answer.substr(0, 100)) + "\"."));
}

Result<std::string> Clamd::order(std::string_view command, const std::string_view* stream) const {
  TRY(const auto socket, connect_to(options_));
  TRY(const bool goes_on, send_all(socket, command, options_.timeout_ms));
  if (goes_on && stream != nullptr) TRY_STATUS(send_stream(socket, *stream, options_.timeout_ms));
  return read_answer(socket, options_.timeout_ms);
}

Result<ClamdFound> Clamd::scan(std::string_view bytes) const {
  using namespace std::string_view_literals;
  TRY(const auto answer, order("zINSTREAM\0"sv, &bytes));
  return read_clamd_answer(answer);
}

Result<std::string> Clamd::version() const {
  using namespace std::string_view_literals;
  return order("zVERSION\0"sv, nullptr);
}

}  // namespace answerable::net
