#include "net/fetch.h"

#include <arpa/inet.h>

#include "net/curl.h"

namespace answerable::net {

namespace {

struct Transfer {
  const FetchRequest& request;
  std::string body = {};
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
  const auto parsed = IpAddress::of(address, size);
  if (!parsed) return fail(ErrorKind::denied, "fetch_refused", "Nothing is fetched from such an address.");
  return request.may_reach(*parsed);
}

void prepare(CURL* easy, Transfer& transfer) {
  const auto& request = transfer.request;
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, request.limits.redirects_max > 0 ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, request.limits.redirects_max);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, request.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.limits.bytes_max));
  if (!request.form.empty()) curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.form.c_str());
  // Beside the system's folder of roots (CAPATH), which stays.
  if (!request.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, request.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, is_stopped);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &transfer);
}

Error explain(CURLcode result, const Transfer& transfer, const std::string& refusal, const char* why) {
  if (!refusal.empty()) return {ErrorKind::denied, "fetch_refused", refusal};
  if (result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_LOGIN_DENIED || result == CURLE_URL_MALFORMAT)
    return {ErrorKind::denied, "fetch_refused", "Only plain http and https addresses are fetched."};
  if (transfer.is_too_large || result == CURLE_FILESIZE_EXCEEDED)
    return {ErrorKind::limited, "fetch_too_large", "What the server sends is too large."};
  return {ErrorKind::unavailable, "fetch_failed", *why != '\0' ? why : curl_easy_strerror(result)};
}

Result<FetchAnswer> transfer(const FetchRequest& request, bool any_status) {
  AddressJudge addresses{[&](const sockaddr* address, socklen_t size) { return judge(address, size, request); }};
  const auto easy = make_curl(addresses, {request.limits.connect_timeout_ms, request.limits.timeout_ms});
  const auto content_type = "Content-Type: " + (request.form.empty() ? std::string() : request.content_type);
  const CurlList headers(
      curl_slist_append(curl_slist_append(nullptr, ("Accept: " + request.accept).c_str()), content_type.c_str()));
  if (!easy || !headers) return fail(ErrorKind::unavailable, "fetch_failed", "No memory.");
  Transfer transfer{.request = request};
  char why[CURL_ERROR_SIZE] = "";
  prepare(easy.get(), transfer);
  curl_easy_setopt(easy.get(), CURLOPT_FAILONERROR, any_status ? 0L : 1L);
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, why);
  const auto result = curl_easy_perform(easy.get());
  if (result != CURLE_OK) return std::unexpected(explain(result, transfer, addresses.refusal, why));
  FetchAnswer answer{.status = 0, .body = std::move(transfer.body)};
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace

Result<std::string> fetch(const FetchRequest& request) {
  TRY(auto answer, transfer(request, false));
  if (answer.status == 200) return std::move(answer.body);
  return fail(ErrorKind::unavailable, "fetch_failed", "The server answered " + std::to_string(answer.status) + ".");
}

Result<FetchAnswer> exchange(const FetchRequest& request) { return transfer(request, true); }

}  // namespace answerable::net
