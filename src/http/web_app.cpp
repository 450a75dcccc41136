// The pages: every GET that no route answers gets an embedded file, or index.html so that the application can show its
// screen.
#include "http/assets.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/watch.h"

namespace answerable::http {
namespace {

constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self' ws: wss:; "
    "font-src 'self'; frame-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

bool is_widget(std::string_view path) { return path.starts_with("/widget"); }

bool has_extension(std::string_view path) {
  const auto last = path.substr(path.rfind('/') + 1);
  return last.find('.') != std::string_view::npos;
}

void add_security_headers(net::Headers& headers, std::string_view path) {
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  if (is_widget(path)) {  // loaded by the pages of other sites
    headers.set("Cross-Origin-Resource-Policy", "cross-origin");
    headers.set("Content-Security-Policy", data_policy);  // of the script opened by itself; a page has its own
    headers.set("Access-Control-Allow-Origin", "*");
    return;
  }
  headers.set("Content-Security-Policy", content_security_policy);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
  headers.set("X-Frame-Options", "DENY");
}

std::string_view caching_of(const Asset& asset) {
  if (asset.immutable) return "public, max-age=31536000, immutable";
  return is_widget(asset.path) ? "public, max-age=600" : "no-cache";
}

net::Response serve(const Asset& asset, const net::Request& request) {
  const auto chosen = choose_representation(asset, request.header("Accept-Encoding").value_or(""));
  net::Response response;
  response.headers.set("Content-Type", asset.content_type);
  response.headers.set("ETag", chosen.etag);
  response.headers.set("Vary", "Accept-Encoding");
  response.headers.set("Cache-Control", caching_of(asset));
  add_security_headers(response.headers, asset.path);
  if (request.header("If-None-Match").value_or("") == chosen.etag) {
    response.status = 304;
    return response;
  }
  if (!chosen.content_encoding.empty()) response.headers.set("Content-Encoding", chosen.content_encoding);
  response.static_body = chosen.bytes;
  return response;
}

net::Response page(ApiContext& api, const net::Request& request) {
  if (const auto* asset = find_asset(request.path)) return serve(*asset, request);
  const bool is_screen = !has_extension(request.path) && !request.path.starts_with("/api/");
  if (const auto* index = is_screen ? find_asset("/index.html") : nullptr) return serve(*index, request);
  api.watch->asked_for_nothing(request);
  const Error error{
      .kind = ErrorKind::not_found, .code = "no_such_path", .detail = "There is nothing at this address."};
  auto response = problem(error, {.request_id = request.request_id});
  add_security_headers(response.headers, request.path);
  return response;
}

}  // namespace

void add_web_app(net::Router& router, ApiContext& api) {
  router.fallback([&api](const net::Request& request) { return page(api, request); });
}

}  // namespace answerable::http
