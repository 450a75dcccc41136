#include "app/lmtp_client.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <memory>

#include "net/address.h"

namespace answerable::app {

namespace {

class Connection {
 public:
  explicit Connection(int fd) : fd_(fd) {}
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Status write(std::string_view bytes) {
    while (!bytes.empty()) {
      auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return lost();
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
  }

  // Reads one reply, of one line or several; an error when it is not 2xx or 354.
  Status expect() {
    for (;;) {
      auto end = waiting_.find("\r\n");
      if (end == std::string::npos) {
        TRY_STATUS(fill());
        continue;
      }
      auto line = waiting_.substr(0, end);
      waiting_.erase(0, end + 2);
      if (line.size() > 3 && line[3] == '-') continue;
      if (line.starts_with('2') || line.starts_with("354")) return {};
      if (line.starts_with('4')) return fail(ErrorKind::unavailable, "refused_for_now", line);
      return fail(ErrorKind::invalid, "refused", line);
    }
  }

 private:
  static Status lost() {
    return fail(ErrorKind::unavailable, "refused_for_now",
                "The connection was lost before the server acknowledged: deliver it again.");
  }
  Status fill() {
    char buffer[1024];
    auto got = ::recv(fd_, buffer, sizeof buffer, 0);
    if (got <= 0 || waiting_.size() > 64 * 1024) return lost();
    waiting_.append(buffer, static_cast<std::size_t>(got));
    return {};
  }

  int fd_;
  std::string waiting_;
};

Result<std::unique_ptr<Connection>> connect_to(const std::string& listen) {
  auto nothing = [] {
    return fail(ErrorKind::unavailable, "not_listening", "No server listens for LMTP: is it running?");
  };
  TRY(auto address, net::parse_host_port(listen));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found) != 0) return nothing();
  std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  timeval timeout{60, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  auto connection = std::make_unique<Connection>(fd);
  if (::connect(fd, found->ai_addr, found->ai_addrlen) != 0) return nothing();
  return connection;
}

// RFC 5321 section 4.5.2, and CRLF whatever the pipe gave.
std::string dot_stuffed(std::string_view raw) {
  std::string text;
  text.reserve(raw.size() + raw.size() / 32 + 8);
  bool at_start = true;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    char c = raw[i];
    if (at_start && c == '.') text += '.';
    if (c == '\n' && (i == 0 || raw[i - 1] != '\r')) text += '\r';
    text += c;
    at_start = c == '\n';
  }
  if (!text.ends_with("\r\n")) text += "\r\n";
  return text + ".\r\n";
}

// Up to a transaction that has its sender.
Result<std::unique_ptr<Connection>> begin(const std::string& listen, const std::string& from) {
  TRY(auto connection, connect_to(listen));
  TRY_STATUS(connection->expect());
  TRY_STATUS(connection->write("LHLO localhost\r\n"));
  TRY_STATUS(connection->expect());
  TRY_STATUS(connection->write("MAIL FROM:<" + from + ">\r\n"));
  TRY_STATUS(connection->expect());
  return connection;
}

Status name_recipient(Connection& connection, const std::string& recipient) {
  TRY_STATUS(connection.write("RCPT TO:<" + recipient + ">\r\n"));
  auto status = connection.expect();
  if (status || status.error().code != "refused") return status;
  return fail(ErrorKind::not_found, "no_such_recipient", recipient + ": " + status.error().detail);
}

}  // namespace

Status deliver_by_lmtp(const std::string& listen, const std::string& from, const std::vector<std::string>& to,
                       const std::string& raw) {
  TRY(auto connection, begin(listen, from));
  for (const auto& recipient : to) TRY_STATUS(name_recipient(*connection, recipient));
  TRY_STATUS(connection->write("DATA\r\n"));
  TRY_STATUS(connection->expect());
  TRY_STATUS(connection->write(dot_stuffed(raw)));
  for (std::size_t i = 0; i < to.size(); ++i)
    TRY_STATUS(connection->expect());  // one reply a recipient (RFC 2033 section 4.2)
  return connection->write("QUIT\r\n");
}

Result<std::vector<std::string>> known_by_lmtp(const std::string& listen, const std::vector<std::string>& recipients) {
  constexpr std::size_t asked_at_once_max = 10;  // a server hangs up after too many wrong ones
  std::vector<std::string> known;
  std::unique_ptr<Connection> connection;
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    if (i % asked_at_once_max == 0) {
      TRY(connection, begin(listen, ""));
    }
    auto status = name_recipient(*connection, recipients[i]);
    if (status) known.push_back(recipients[i]);
    if (!status && status.error().code != "no_such_recipient") return std::unexpected(status.error());
  }
  return known;
}

}  // namespace answerable::app
