#include "app/probe.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

namespace answerable::app {

namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressList resolve(const std::string& host, const std::string& port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  ::getaddrinfo(host.empty() ? nullptr : host.c_str(), port.c_str(), &hints, &found);
  return {found, &freeaddrinfo};
}

bool connects(const addrinfo& address, int timeout_ms) {
  int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  bool connected = ::connect(fd, address.ai_addr, address.ai_addrlen) == 0;
  if (!connected && errno == EINPROGRESS) {
    pollfd wait{fd, POLLOUT, 0};
    int error = 0;
    socklen_t length = sizeof error;
    connected =
        ::poll(&wait, 1, timeout_ms) == 1 && ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
  }
  ::close(fd);
  return connected;
}

}  // namespace

Probe probe_listen(const std::string& listen) {
  auto colon = listen.rfind(':');
  if (colon == listen.npos || colon + 1 == listen.size()) return Probe::malformed;
  auto host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  auto addresses = resolve(host, listen.substr(colon + 1), AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE);
  if (!addresses) return Probe::malformed;
  int fd = ::socket(addresses->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  bool bound = ::bind(fd, addresses->ai_addr, addresses->ai_addrlen) == 0 && ::listen(fd, 1) == 0;
  int reason = errno;
  ::close(fd);
  if (bound) return Probe::free;
  if (reason == EACCES || reason == EPERM) return Probe::denied;
  if (reason == EADDRNOTAVAIL) return Probe::malformed;
  return connects(*addresses, 1000) ? Probe::answers : Probe::taken;
}

bool probe_connect(const std::string& host, std::uint16_t port) {
  auto addresses = resolve(host, std::to_string(port), AI_NUMERICSERV);
  for (auto* address = addresses.get(); address != nullptr; address = address->ai_next) {
    if (connects(*address, 2000)) return true;
  }
  return false;
}

}  // namespace answerable::app
