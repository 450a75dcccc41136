// Deadlines and stopping of the HTTP server.
#include <doctest/doctest.h>

#include <latch>
#include <thread>

#include "net/loopback_test.h"

using namespace answerable::net;
using namespace answerable::net::testing;

namespace {

Response hello(const Request&) { return Response::text(200, "hello"); }

}  // namespace

TEST_CASE("a client that trickles its headers or body is closed at the deadline, however often it sends") {
  TestServer test;
  test.options.header_timeout_ms = 100;
  test.options.body_timeout_ms = 100;
  test.router.add("POST", "/", hello);
  test.start();
  for (std::string_view begin :
       {"GET / HTTP/1.1\r\nHost: t\r\n", "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\n"}) {
    Client client(test.port());
    client.send(begin);
    std::atomic<bool> over = false;
    std::thread trickle([&] {
      while (!over && client.send("x")) std::this_thread::yield();
    });
    auto answer = client.to_end();
    over = true;
    trickle.join();
    CHECK((answer.empty() || answer.starts_with("HTTP/1.1 408 ") || answer.starts_with("HTTP/1.1 431 ")));
  }
  Client silent(test.port());
  silent.send("GET / HT");
  CHECK(silent.answer().status == 408);
  CHECK(silent.at_end());
}

TEST_CASE("an idle connection is closed without a word at its deadline") {
  TestServer test;
  test.options.idle_timeout_ms = 50;
  test.router.add("GET", "/", hello);
  test.start();
  Client fresh(test.port());
  CHECK(fresh.at_end());
  Client used(test.port());
  CHECK(used.ask(get("/")).status == 200);
  CHECK(used.at_end());
  CHECK(test.server->figures().timeouts == 2);
}

TEST_CASE("a client that does not read its answer is dropped at the write deadline") {
  TestServer test;
  test.options.write_timeout_ms = 100;
  auto blob = std::make_shared<const std::string>(64U << 20, 'x');
  test.router.add("GET", "/", [&](const Request&) {
    Response response;
    response.shared_body = blob;
    return response;
  });
  test.start();
  Client client(test.port(), 4096);
  client.send(get("/"));
  while (test.server->figures().timeouts == 0) std::this_thread::yield();
  CHECK(client.to_end().size() < blob->size());
}

TEST_CASE("stopping lets requests in flight finish, closes idle connections and accepts no more") {
  TestServer test;
  std::latch started(1);
  std::latch release(1);
  test.router.add("GET", "/slow", [&](const Request&) {
    started.count_down();
    release.wait();
    return Response::text(200, "done");
  });
  test.router.add("GET", "/", hello);
  test.start();
  Client idle(test.port());
  CHECK(idle.ask(get("/")).status == 200);
  Client busy(test.port());
  busy.send(get("/slow"));
  started.wait();
  auto port = test.port();
  bool clean = false;
  std::thread stopper([&] { clean = test.server->stop(10'000); });
  CHECK(idle.at_end());
  Client late(port);
  CHECK_FALSE(late.connected());
  release.count_down();
  auto answer = busy.answer();
  CHECK(answer.body == "done");
  CHECK(answer.has("Connection: close"));
  CHECK(busy.at_end());
  stopper.join();
  CHECK(clean);
  CHECK(test.server->figures().connections == 0);
}

TEST_CASE("stopping drops what does not finish by the deadline") {
  TestServer test;
  Respond kept;
  std::latch started(1);
  test.router.add_async("GET", "/", [&](const Request&, Respond respond) {
    kept = std::move(respond);
    started.count_down();
  });
  test.start();
  Client client(test.port());
  client.send(get("/"));
  started.wait();
  CHECK_FALSE(test.server->stop(30));
  CHECK(client.at_end());
  kept(hello({}));
}

TEST_CASE("an answer may come after the server and its loop are gone") {
  Respond kept;
  std::latch started(1);
  {
    TestServer test;
    test.router.add_async("GET", "/", [&](const Request&, Respond respond) {
      kept = std::move(respond);
      started.count_down();
    });
    test.start();
    Client client(test.port());
    client.send(get("/"));
    started.wait();
  }
  kept(hello({}));
}

TEST_CASE("a port in use is an error that names it") {
  TestServer test;
  test.start();
  TestServer other;
  other.options.port = test.port();
  auto second = HttpServer::start({other.loop, other.pool, other.router, other.clock}, other.options);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == "cannot_listen");
  CHECK(second.error().detail.find(std::to_string(test.port())) != std::string::npos);
}
