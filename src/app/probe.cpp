#include "app/probe.h"

#include <curl/curl.h>
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

// -1: no connection.
int connect_to(const addrinfo& address, int timeout_ms) {
  int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  bool connected = ::connect(fd, address.ai_addr, address.ai_addrlen) == 0;
  if (!connected && errno == EINPROGRESS) {
    pollfd wait{fd, POLLOUT, 0};
    int error = 0;
    socklen_t length = sizeof error;
    connected =
        ::poll(&wait, 1, timeout_ms) == 1 && ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
  }
  if (connected) return fd;
  ::close(fd);
  return -1;
}

bool connects(const addrinfo& address, int timeout_ms) {
  int fd = connect_to(address, timeout_ms);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

AddressList resolve_listen(const std::string& listen) {
  auto colon = listen.rfind(':');
  if (colon == listen.npos || colon + 1 == listen.size()) return {nullptr, &freeaddrinfo};
  auto host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return resolve(host, listen.substr(colon + 1), AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE);
}

std::size_t append_to(char* bytes, std::size_t size, std::size_t count, void* text) {
  auto& all = *static_cast<std::string*>(text);
  if (all.size() > 1'024) return 0;  // not ours: ours says "ok"
  all.append(bytes, size * count);
  return size * count;
}

}  // namespace

Probe probe_listen(const std::string& listen) {
  auto addresses = resolve_listen(listen);
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

std::string probe_greeting(const std::string& listen) {
  auto addresses = resolve_listen(listen);
  int fd = addresses ? connect_to(*addresses, 1000) : -1;
  if (fd < 0) return {};
  std::string said;
  pollfd wait{fd, POLLIN, 0};
  while (said.find('\n') == said.npos && said.size() < 1'024 && ::poll(&wait, 1, 2000) == 1) {
    char buffer[512];
    auto got = ::recv(fd, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    said.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(fd);
  auto end = said.find_first_of("\r\n");
  return end == said.npos ? std::string() : said.substr(0, end);
}

bool probe_health(const std::string& listen, bool is_tls) {
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), &curl_easy_cleanup);
  auto url = (is_tls ? "https://" : "http://") + listen + "/healthz";
  std::string body;
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, 2'000L);
  curl_easy_setopt(curl.get(), CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append_to);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  long status = 0;
  bool answered = curl_easy_perform(curl.get()) == CURLE_OK &&
                  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status) == CURLE_OK;
  return answered && status == 200 && body == "ok\n";
}

bool probe_connect(const std::string& host, std::uint16_t port) {
  auto addresses = resolve(host, std::to_string(port), AI_NUMERICSERV);
  for (auto* address = addresses.get(); address != nullptr; address = address->ai_next) {
    if (connects(*address, 2000)) return true;
  }
  return false;
}

}  // namespace answerable::app
