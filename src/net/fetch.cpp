#include "net/fetch.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <sys/socket.h>

#include <memory>
#include <mutex>

namespace answerable::net {

namespace {

struct Transfer {
  const FetchRequest& request;
  std::string body = {};
  std::string refusal = {};
  bool is_too_large = false;
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  const auto length = size * count;
  if (transfer.body.size() + length > transfer.request.limits.bytes_max) {
    transfer.is_too_large = true;
    return 0;
  }
  transfer.body.append(bytes, length);
  return length;
}

int is_stopped(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(context)->request.stop.stop_requested() ? 1 : 0;
}

std::uint16_t port_of(const sockaddr* address) {
  if (address->sa_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(address)->sin_port);
  if (address->sa_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(address)->sin6_port);
  return 0;
}

// A well-known port below 1024 is another protocol's, which a request of ours must not speak to.
Status judge(const sockaddr* address, socklen_t size, const FetchRequest& request) {
  const auto port = port_of(address);
  if (port != 80 && port != 443 && port < 1024)
    return fail(ErrorKind::denied, "fetch_refused", "Nothing is fetched from port " + std::to_string(port) + ".");
  char text[NI_MAXHOST] = "";
  const bool is_known = ::getnameinfo(address, size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0;
  const auto parsed = is_known ? IpAddress::parse(text) : std::nullopt;
  if (!parsed) return fail(ErrorKind::denied, "fetch_refused", "Nothing is fetched from such an address.");
  return request.may_reach(*parsed);
}

curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* to) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (auto allowed = judge(&to->addr, to->addrlen, transfer.request); !allowed) {
    transfer.refusal = allowed.error().detail;
    return CURL_SOCKET_BAD;
  }
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

void prepare(CURL* easy, Transfer& transfer) {
  const auto& request = transfer.request;
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, request.limits.redirects_max);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");  // one in the environment would be asked for any address
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, request.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.limits.bytes_max));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.limits.connect_timeout_ms));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.limits.timeout_ms));
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, is_stopped);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &transfer);
}

Error explain(CURLcode result, const Transfer& transfer, const char* why) {
  if (!transfer.refusal.empty()) return {ErrorKind::denied, "fetch_refused", transfer.refusal};
  if (result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_LOGIN_DENIED || result == CURLE_URL_MALFORMAT)
    return {ErrorKind::denied, "fetch_refused", "Only plain http and https addresses are fetched."};
  if (transfer.is_too_large || result == CURLE_FILESIZE_EXCEEDED)
    return {ErrorKind::limited, "fetch_too_large", "What the server sends is too large."};
  return {ErrorKind::unavailable, "fetch_failed", *why != '\0' ? why : curl_easy_strerror(result)};
}

}  // namespace

Result<std::string> fetch(const FetchRequest& request) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const std::unique_ptr<CURL, FreeEasy> easy(curl_easy_init());
  const std::unique_ptr<curl_slist, FreeList> headers(
      curl_slist_append(nullptr, ("Accept: " + request.accept).c_str()));
  if (!easy || !headers) return fail(ErrorKind::unavailable, "fetch_failed", "No memory.");
  Transfer transfer{.request = request};
  char why[CURL_ERROR_SIZE] = "";
  prepare(easy.get(), transfer);
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, why);
  const auto result = curl_easy_perform(easy.get());
  if (result != CURLE_OK) return std::unexpected(explain(result, transfer, why));
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200)
    return fail(ErrorKind::unavailable, "fetch_failed", "The server answered " + std::to_string(status) + ".");
  return std::move(transfer.body);
}

}  // namespace answerable::net
