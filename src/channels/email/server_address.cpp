#include "channels/email/server_address.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>

namespace answerable::channels {

namespace {

// Of cloud metadata services, those that lie in private ranges; the others are link-local or not global.
constexpr std::array<std::string_view, 2> metadata_addresses{"100.100.100.200", "fd00:ec2::254"};

bool connects(int socket, const addrinfo& to, std::int64_t timeout_ms) {
  const int flags = ::fcntl(socket, F_GETFL);
  ::fcntl(socket, F_SETFL, flags | O_NONBLOCK);
  if (::connect(socket, to.ai_addr, to.ai_addrlen) != 0) {
    pollfd waiting{socket, POLLOUT, 0};
    int error = 0;
    socklen_t size = sizeof error;
    if (errno != EINPROGRESS || ::poll(&waiting, 1, static_cast<int>(timeout_ms)) != 1 ||
        ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
      return false;
  }
  ::fcntl(socket, F_SETFL, flags);
  return true;
}

}  // namespace

Status check_reach(const net::IpAddress& address, Reach reach) {
  if (reach == Reach::anywhere || address.is_global()) return {};
  const auto text = address.text();
  const bool is_inside = address.is_loopback() || address.is_private();
  if (!is_inside || std::ranges::find(metadata_addresses, text) != metadata_addresses.end())
    return fail(ErrorKind::denied, "server_address_refused", "No channel may use a server at " + text + ".");
  if (reach == Reach::private_networks) return {};
  return fail(ErrorKind::denied, "server_address_refused",
              "The server at " + text +
                  " is not on the Internet. The operator can allow such servers: mail.private_servers = true.");
}

Status check_reach(const sockaddr* address, socklen_t size, Reach reach) {
  const auto parsed = net::IpAddress::of(address, size);
  if (!parsed)
    return fail(ErrorKind::denied, "server_address_refused", "No channel may use a server at such an address.");
  return check_reach(*parsed, reach);
}

Result<int> connect_within(const std::string& host, std::uint16_t port, Reach reach, std::int64_t timeout_ms) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const auto where = host + " port " + std::to_string(port);
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list) != 0)
    return fail(ErrorKind::unavailable, "server_unreachable", "There is no host " + host + ".");
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, ::freeaddrinfo);
  Status refusal;
  for (const auto* one = list; one != nullptr; one = one->ai_next) {
    if (auto allowed = check_reach(one->ai_addr, one->ai_addrlen, reach); !allowed) {
      refusal = std::move(allowed);
      continue;
    }
    const int socket = ::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket >= 0 && connects(socket, *one, timeout_ms)) return socket;
    if (socket >= 0) ::close(socket);
  }
  if (!refusal) return std::unexpected(std::move(refusal).error());
  return fail(ErrorKind::unavailable, "server_unreachable", "No connection to " + where + ".");
}

}  // namespace answerable::channels
