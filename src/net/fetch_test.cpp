#include "net/fetch.h"

#include <doctest/doctest.h>

#include <mutex>
#include <thread>
#include <vector>

#include "net/loopback_test.h"

namespace answerable::net {
namespace {

Status anywhere(const IpAddress&) { return {}; }
Status on_the_internet(const IpAddress& address) {
  if (address.is_global()) return {};
  return fail(ErrorKind::denied, "fetch_refused", "Not " + address.text() + ".");
}

// A stranger's server that keeps what it is asked.
struct Stranger : testing::TestServer {
  Stranger() {
    add("/picture", [](const Request&) { return Response::text(200, "picture", "image/png"); });
    add("/moved", [this](const Request&) { return moved(to); });
    add("/gone", [](const Request&) { return Response::text(404, "no", "text/plain"); });
    add("/empty", [](const Request&) { return Response::text(204, "", "text/plain"); });
    add("/large", [](const Request&) { return Response::text(200, std::string(1000, 'x'), "image/png"); });
    start();
    url = "http://127.0.0.1:" + std::to_string(port());
    to = url + "/picture";
  }
  static Response moved(const std::string& where) {
    auto response = Response::text(302, "", "text/plain");
    response.headers.set("Location", where);
    response.headers.set("Set-Cookie", "tracker=1");
    return response;
  }
  void add(std::string_view path, Handler act) {
    router.add("GET", path, [this, act](const Request& request) {
      std::lock_guard lock(mutex);
      asked.push_back(request);
      return act(request);
    });
  }
  Result<std::string> get(const std::string& path, FetchLimits limits = {}) const {
    return fetch({.url = url + path, .may_reach = anywhere, .limits = limits});
  }

  std::string url, to;
  std::mutex mutex;
  std::vector<Request> asked;
};

std::string code_of(const Result<std::string>& result) { return result ? "ok" : result.error().code; }

TEST_CASE("a server that is fetched from learns an address to fetch and nothing else") {
  Stranger stranger;
  REQUIRE(stranger.get("/moved") == "picture");  // with a cookie on the way
  REQUIRE(stranger.asked.size() == 2);
  for (const auto& request : stranger.asked) {
    for (auto name : {"Cookie", "Referer", "Origin", "Authorization", "X-Forwarded-For", "Forwarded", "Via"})
      CHECK_FALSE(request.header(name));
    CHECK(request.header("User-Agent") == "Answerable");
  }
}

TEST_CASE("an address is judged when it is connected to, on every redirect too") {
  Stranger stranger;
  CHECK(code_of(fetch({.url = stranger.url + "/picture", .may_reach = on_the_internet})) == "fetch_refused");
  const auto by_name = "http://localhost:" + std::to_string(stranger.port()) + "/picture";
  CHECK(code_of(fetch({.url = by_name, .may_reach = on_the_internet})) == "fetch_refused");
  for (auto spelling : {"2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0"}) {
    CAPTURE(spelling);
    const auto url = std::string("http://") + spelling + ":" + std::to_string(stranger.port()) + "/picture";
    CHECK(code_of(fetch({.url = url, .may_reach = on_the_internet})) == "fetch_refused");
  }
  CHECK(stranger.asked.empty());
  auto only_once = [&](const IpAddress&) -> Status {
    return stranger.asked.empty() ? Status() : fail(ErrorKind::denied, "fetch_refused", "Not twice.");
  };
  stranger.to = "http://localhost:" + std::to_string(stranger.port()) + "/picture";
  CHECK(code_of(fetch({.url = stranger.url + "/moved", .may_reach = only_once})) == "fetch_refused");
  CHECK(stranger.asked.size() == 1);
}

TEST_CASE("only plain http and https addresses are fetched, and no other protocol's port is spoken to") {
  for (auto url : {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1:1024/x", "dict://127.0.0.1:1024/x",
                   "smb://127.0.0.1/x", "http://a:b@127.0.0.1:1024/x", "http://", "http://127.0.0.1:25/",
                   "http://127.0.0.1:1023/", "https://127.0.0.1:22/"}) {
    CAPTURE(url);
    CHECK(code_of(fetch({.url = url, .may_reach = anywhere})) == "fetch_refused");
  }
  Stranger stranger;
  stranger.to = "file:///etc/passwd";
  CHECK(code_of(stranger.get("/moved")) == "fetch_refused");
  CHECK(code_of(fetch({.url = "http://127.0.0.1:1024/", .may_reach = anywhere})) == "fetch_failed");  // nobody there
}

TEST_CASE("what is fetched is bounded in bytes, redirects and time") {
  Stranger stranger;
  CHECK(stranger.get("/large", {.bytes_max = 1000})->size() == 1000);
  CHECK(code_of(stranger.get("/large", {.bytes_max = 999})) == "fetch_too_large");
  CHECK(stranger.get("/moved", {.redirects_max = 1}));
  CHECK(code_of(stranger.get("/moved", {.redirects_max = 0})) == "fetch_failed");
  stranger.to = stranger.url + "/moved";
  CHECK(code_of(stranger.get("/moved")) == "fetch_failed");
  CHECK(code_of(stranger.get("/gone")) == "fetch_failed");
  CHECK(code_of(stranger.get("/empty")) == "fetch_failed");
}

TEST_CASE("a server that never answers is left after the time is over, or at once when we stop") {
  const int silent = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(silent, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(silent, 4) == 0);
  REQUIRE(::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  const auto url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
  CHECK(code_of(fetch({.url = url, .may_reach = anywhere, .limits = {.timeout_ms = 50}})) == "fetch_failed");
  std::stop_source stop;
  stop.request_stop();
  CHECK(code_of(fetch({.url = url, .may_reach = anywhere, .stop = stop.get_token()})) == "fetch_failed");
  ::close(silent);
}

TEST_CASE("a form is sent once, and its answer comes back whatever the status is") {
  Stranger stranger;
  stranger.router.add("POST", "/token", [&](const Request& request) {
    std::lock_guard lock(stranger.mutex);
    stranger.asked.push_back(request);
    return Response::text(400, "no", "text/plain");
  });
  stranger.router.add("POST", "/moved", [&](const Request&) { return Stranger::moved(stranger.url + "/token"); });
  const FetchLimits once{.bytes_max = 10, .redirects_max = 0};
  const auto refused = exchange(
      {.url = stranger.url + "/token", .may_reach = anywhere, .limits = once, .form = "grant_type=x&code=a%20b"});
  REQUIRE(refused);
  CHECK(refused->status == 400);
  CHECK(refused->body == "no");
  REQUIRE(stranger.asked.size() == 1);
  CHECK(stranger.asked[0].header("Content-Type") == "application/x-www-form-urlencoded");
  CHECK(stranger.asked[0].body == "grant_type=x&code=a%20b");
  const auto moved = exchange({.url = stranger.url + "/moved", .may_reach = anywhere, .limits = once, .form = "a=b"});
  REQUIRE(moved);
  CHECK(moved->status == 302);
  CHECK(stranger.asked.size() == 1);
  const auto large = exchange({.url = stranger.url + "/large", .may_reach = anywhere, .limits = once});
  CHECK(large.error().code == "fetch_too_large");
}

}  // namespace
}  // namespace answerable::net
