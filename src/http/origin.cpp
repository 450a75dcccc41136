#include "http/origin.h"

namespace answerable::http {
namespace {

constexpr std::string_view request_mark = "answerable";

std::string_view without_path(std::string_view url) {
  const auto host_at = url.find("://");
  if (host_at == std::string_view::npos) return url;
  return url.substr(0, url.find('/', host_at + 3));
}

// The public address, or the very host that the browser asked: behind a proxy or on another port these may differ.
bool is_ours(std::string_view origin, const net::Request& request, const ApiConfig& config) {
  if (net::equals_ignoring_case(origin, without_path(config.public_url))) return true;
  const auto host = request.header("Host");
  if (!host || host->empty()) return false;
  return net::equals_ignoring_case(origin, std::string(request.secure ? "https://" : "http://").append(*host));
}

}  // namespace

Status check_same_origin(const net::Request& request, const ApiConfig& config, bool needs_header) {
  const auto refused = [](std::string_view why) { return fail(ErrorKind::denied, "csrf_refused", std::string(why)); };
  const auto site = request.header("Sec-Fetch-Site");
  const auto origin = request.header("Origin");
  if (!site && !origin) return {};
  const bool is_same_site = site && (*site == "same-origin" || *site == "none");
  if (site && !is_same_site) return refused("This request comes from another site.");
  if (!site && !is_ours(*origin, request, config)) return refused("This request comes from another site.");
  if (needs_header && request.header("X-Requested-With").value_or("") != request_mark)
    return refused("Send the header X-Requested-With: answerable with requests that change something.");
  return {};
}

Status check_websocket_origin(const net::Request& request, const ApiConfig& config) {
  const auto origin = request.header("Origin");
  if (!origin || is_ours(*origin, request, config)) return {};
  return fail(ErrorKind::denied, "origin_refused", "This connection comes from another site.");
}

}  // namespace answerable::http
