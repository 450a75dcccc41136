// /healthz (the process runs), /readyz (it can do its work), /metrics (Prometheus; for this machine or an API key).
#include "access/authorize.h"
#include "http/problem.h"
#include "http/reply.h"
#include "http/routes.h"
#include "net/address.h"

namespace answerable::http {
namespace {

net::Response text_of(int status, std::string text, std::string_view type = "text/plain; charset=utf-8") {
  auto response = net::Response::text(status, std::move(text), type);
  response.headers.set("Content-Security-Policy", data_policy);
  return response;
}

net::Response healthy(const net::Request&) { return text_of(200, "ok\n"); }

net::Response ready(ApiContext& api, const net::Request&) {
  if (!api.config.is_ready()) return text_of(503, "starting or stopping\n");
  const auto answer = api.database().query([](store::Session& session) { return session.number("select 1"); });
  return answer ? text_of(200, "ready\n") : text_of(503, "the database does not answer\n");
}

// A proxy on this machine makes everybody look local: whoever comes with its marks is not.
bool is_local(const net::Request& request) {
  for (const auto* mark : {"X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto", "Via"})
    if (request.header(mark)) return false;
  const auto address = net::IpAddress::parse(request.peer_address);
  return address && address->is_loopback();
}

net::Response metrics(ApiContext& api, const net::Request& request) {
  if (!is_local(request)) {
    constexpr Guard guard{.needs = {"metrics", "read"}};
    Call call{.api = api, .request = request};
    const auto admission = admit(call, guard);
    if (!admission.status) return finish(call, guard, admission, std::unexpected(admission.status.error()));
  }
  return text_of(200, api.parts.metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace

void add_health_routes(net::Router& router, ApiContext& api) {
  router.add("GET", "/healthz", healthy, {.max_body_bytes = 0, .blocking = false});
  router.add("GET", "/readyz", [&api](const net::Request& request) { return ready(api, request); },
             {.max_body_bytes = 0});
  router.add("GET", "/metrics", [&api](const net::Request& request) { return metrics(api, request); },
             {.max_body_bytes = 0});
}

}  // namespace answerable::http
