#include "net/server.h"

#include <doctest/doctest.h>

#include <latch>
#include <thread>

#include "net/loopback_test.h"

using namespace answerable;
using namespace answerable::net;
using namespace answerable::net::testing;

namespace {

Response echo(const Request& request) {
  return Response::text(200, request.method + " " + request.path + " " + std::string(request.path_parameter("id")) +
                                 " " + request.query_parameter("q").value_or("-") + " " + request.body);
}

std::string post(std::string_view path, std::string_view body, std::string_view headers = {}) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: t\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

}  // namespace

TEST_CASE("requests reach their handlers on the worker pool and on the loop, and answers come back in order") {
  TestServer test;
  std::atomic<bool> on_other_thread = false;
  test.router.add("GET", "/work/{id}", [&](const Request& request) {
    on_other_thread = true;
    return echo(request);
  });
  test.router.add("POST", "/loop/{id}", echo, {.blocking = false});
  std::vector<std::jthread> others;  // added to on the loop, joined before the server goes
  test.router.add_async("GET", "/later", [&](Request request, Respond respond) {
    others.emplace_back([request = std::move(request), respond] { respond(echo(request)); });
  });
  test.start();
  Client client(test.port());
  auto answer = client.ask(get("/work/7?q=caf%C3%A9"));
  CHECK(answer.status == 200);
  CHECK(answer.body == "GET /work/7 7 café ");
  CHECK(on_other_thread);
  CHECK(answer.has("\r\nDate: "));
  CHECK(answer.has(" GMT\r\n"));
  CHECK(answer.has("\r\nX-Request-Id: "));
  CHECK_FALSE(answer.has("Server:"));
  CHECK_FALSE(answer.has("Connection:"));
  CHECK(client.ask(post("/loop/8", "body")).body == "POST /loop/8 8 - body");
  CHECK(client.ask(get("/later")).body == "GET /later  - ");

  // Pipelined: three at once, in pieces that do not match the requests.
  auto all = get("/work/1") + post("/loop/2", "xy") + get("/later");
  client.send(all.substr(0, 50));
  client.send(all.substr(50));
  CHECK(client.answer().body == "GET /work/1 1 - ");
  CHECK(client.answer().body == "POST /loop/2 2 - xy");
  CHECK(client.answer().body == "GET /later  - ");
}

TEST_CASE("HEAD gets the headers of GET, OPTIONS the methods, and unknown things 404 and 405 in one form of error") {
  TestServer test;
  test.router.add("GET", "/a", [](const Request&) { return Response::text(200, "four"); });
  test.router.add("GET", "/none", [](const Request&) {
    Response response;
    response.status = 204;
    return response;
  });
  test.start();
  Client client(test.port());
  client.send("HEAD /a HTTP/1.1\r\nHost: t\r\n\r\n" + get("/none") + "OPTIONS /a HTTP/1.1\r\nHost: t\r\n\r\n");
  auto head = client.answer(true);
  CHECK(head.status == 200);
  CHECK(head.has("Content-Length: 4"));
  auto none = client.answer();
  CHECK(none.status == 204);
  CHECK_FALSE(none.has("Content-Length"));
  auto options = client.answer();
  CHECK(options.status == 204);
  CHECK(options.has("Allow: GET, HEAD, OPTIONS\r\n"));
  auto missing = client.ask(get("/b"));
  CHECK(missing.status == 404);
  CHECK(missing.has("application/problem+json"));
  auto wrong = client.ask("DELETE /a HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(wrong.status == 405);
  CHECK(wrong.has("Allow: GET, HEAD, OPTIONS\r\n"));
}

TEST_CASE("what every answer says, a refusal of the server's own says too, and an answer may say otherwise") {
  TestServer test;
  test.options.every_answer.set("X-Content-Type-Options", "nosniff");
  test.options.every_answer.set("Content-Security-Policy", "frame-ancestors 'none'");
  test.router.add("GET", "/a", [](const Request&) { return Response::text(200, "four"); });
  test.router.add("GET", "/own", [](const Request&) {
    auto response = Response::text(200, "four");
    response.headers.set("content-security-policy", "sandbox");
    return response;
  });
  test.start();
  for (const auto& request : {get("/a"), get("/b"), get("/a?%zz"), std::string("DELETE /a HTTP/1.1\r\nHost: t\r\n\r\n"),
                              std::string("nonsense\r\n\r\n")}) {
    Client client(test.port());
    const auto answer = client.ask(request);
    CAPTURE(request);
    CHECK(answer.has("X-Content-Type-Options: nosniff\r\n"));
    CHECK(answer.has("Content-Security-Policy: frame-ancestors 'none'\r\n"));
  }
  Client client(test.port());
  const auto own = client.ask(get("/own"));
  CHECK(own.has("content-security-policy: sandbox\r\n"));
  CHECK_FALSE(own.has("frame-ancestors"));
}

TEST_CASE("connections are kept or closed as the client asks") {
  TestServer test;
  test.router.add("GET", "/", echo);
  test.start();
  Client old(test.port());
  CHECK(old.ask("GET / HTTP/1.0\r\n\r\n").has("Connection: close"));
  CHECK(old.at_end());
  Client kept(test.port());
  CHECK(kept.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").has("Connection: keep-alive"));
  CHECK(kept.ask("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n").has("Connection: close"));
  CHECK(kept.at_end());
}

TEST_CASE("Expect: 100-continue is answered before the body is sent, and a refusal comes instead of it") {
  TestServer test;
  test.router.add("POST", "/x", echo, {.max_body_bytes = 8});
  test.start();
  Client client(test.port());
  client.send("POST /x HTTP/1.1\r\nHost: t\r\nContent-Length: 8\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("12345678");
  CHECK(client.answer().body == "POST /x  - 12345678");
  auto refused = client.ask("POST /x HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
  CHECK(refused.status == 413);
  CHECK(client.at_end());
}

TEST_CASE("bodies beyond the memory for them are refused with 503 while it lasts, and taken when it is free again") {
  TestServer test;
  test.options.body_memory_max = 300'000;
  test.router.add("POST", "/x", echo, {.max_body_bytes = 1'000'000});
  test.start();
  const auto whole = post("/x", std::string(260'000, 'b'));
  Client slow(test.port());
  slow.send(whole.substr(0, 250'000));
  while (test.server->body_memory_used() < 240'000) std::this_thread::yield();
  auto status_of_another = [&] {
    Client other(test.port());
    return other.ask(post("/x", std::string(120'000, 'b'))).status;
  };
  CHECK(status_of_another() == 503);
  slow.send(whole.substr(250'000));
  CHECK(slow.answer().status == 200);
  CHECK(status_of_another() == 200);
}

TEST_CASE("answers beyond the memory for them are refused with 503, others come as often as they are asked for") {
  TestServer test;
  test.options.answer_memory_max = 100'000;
  test.router.add("GET", "/{size}", [](const Request& request) {
    return Response::text(200, std::string(std::stoul(std::string(request.path_parameter("size"))), 'a'));
  });
  test.start();
  Client client(test.port());
  CHECK(client.ask("GET /100001 HTTP/1.1\r\nHost: t\r\n\r\n").status == 503);
  for (int i = 0; i < 5; ++i) CHECK(client.ask("GET /100000 HTTP/1.1\r\nHost: t\r\n\r\n").status == 200);
}

TEST_CASE("a body that is too large is refused with 413 and the answer arrives although the client goes on sending") {
  TestServer test;
  test.router.add("POST", "/x", echo, {.max_body_bytes = 1000});
  test.start();
  Client exact(test.port());
  CHECK(exact.ask(post("/x", std::string(1000, 'b'))).status == 200);
  Client client(test.port());
  client.send(post("/x", std::string(300'000, 'b')));
  auto answer = client.answer();
  CHECK(answer.status == 413);
  CHECK(answer.has("Connection: close"));
  CHECK(client.at_end());
}

TEST_CASE("a handler that throws, forgets its answer or is too late gives an error and not a hang") {
  TestServer test;
  std::latch release(1);
  std::latch finished(1);
  Respond kept;
  test.router.add("GET", "/throws", [](const Request&) -> Response { throw std::runtime_error("no"); });
  test.router.add_async("GET", "/forgets", [](const Request&, const Respond&) {});
  test.router.add_async("GET", "/late", [&](const Request&, Respond respond) { kept = std::move(respond); },
                        {.timeout_ms = 30});
  test.router.add("GET", "/slow",
                  [&](const Request&) {
                    release.wait();
                    finished.count_down();
                    return Response::text(200, "late");
                  },
                  {.timeout_ms = 30});
  test.start();
  Client client(test.port());
  CHECK(client.ask(get("/throws")).status == 500);
  CHECK(client.ask(get("/forgets")).status == 500);
  auto late = client.ask(get("/late"));
  CHECK(late.status == 503);
  CHECK(client.at_end());
  kept(Response::text(200, "too late"));
  kept = nullptr;
  Client other(test.port());
  CHECK(other.ask(get("/slow")).status == 503);
  release.count_down();
  finished.wait();
  CHECK(test.server->figures().timeouts == 2);
}

TEST_CASE("when the worker queue is full the answer is 503 with Retry-After") {
  TestServer test(1, 1);
  std::latch started(1);
  std::latch release(1);
  test.router.add("GET", "/first", [&](const Request&) {
    started.count_down();
    release.wait();
    return Response::text(200, "first");
  });
  test.router.add("GET", "/next", echo);
  test.start();
  Client first(test.port());
  Client second(test.port());
  Client third(test.port());
  first.send(get("/first"));
  started.wait();
  second.send(get("/next"));
  while (test.pool.queue_depth() == 0) std::this_thread::yield();
  auto refused = third.ask(get("/next"));
  CHECK(refused.status == 503);
  CHECK(refused.has("Retry-After: 1"));
  release.count_down();
  CHECK(first.answer().status == 200);
  CHECK(second.answer().status == 200);
  CHECK(third.ask(get("/next")).status == 200);
  CHECK(test.server->figures().queue_full == 1);
}

TEST_CASE("the first connection above the limit is answered 503 and the next one after a close is served") {
  TestServer test;
  test.options.connections_max = 2;
  test.router.add("GET", "/", echo, {.blocking = false});
  test.start();
  auto one = std::make_unique<Client>(test.port());
  Client two(test.port());
  CHECK(one->ask(get("/")).status == 200);
  CHECK(two.ask(get("/")).status == 200);
  Client three(test.port());
  CHECK(three.answer().status == 503);
  CHECK(three.at_end());
  CHECK(test.server->figures().connections_refused == 1);
  one.reset();
  while (test.server->figures().connections == 2) std::this_thread::yield();
  Client four(test.port());
  CHECK(four.ask(get("/")).status == 200);
}

TEST_CASE("one address has so many connections and no more, until it closes one; a trusted proxy has any number") {
  for (const bool is_trusted : {false, true}) {
    CAPTURE(is_trusted);
    TestServer test;
    test.options.connections_per_address_max = 2;
    if (is_trusted) test.options.trusted_proxies = {*IpRange::parse("127.0.0.0/8")};
    test.router.add("GET", "/", echo, {.blocking = false});
    test.start();
    auto one = std::make_unique<Client>(test.port());
    Client two(test.port());
    CHECK(one->ask(get("/")).status == 200);
    CHECK(two.ask(get("/")).status == 200);
    Client three(test.port());
    if (is_trusted) {
      CHECK(three.ask(get("/")).status == 200);
      continue;
    }
    CHECK(three.answer().status == 503);
    CHECK(three.at_end());
    CHECK(test.server->figures().connections_refused == 1);
    one.reset();
    while (test.server->figures().connections == 2) std::this_thread::yield();
    Client four(test.port());
    CHECK(four.ask(get("/")).status == 200);
  }
}

TEST_CASE("large answers arrive whole, from all three kinds of body and on several threads") {
  TestServer test(2, 64, 3);
  static const std::string asset(3'000'000, 's');
  auto blob = std::make_shared<const std::string>(5'000'000, 'h');
  test.router.add("GET", "/static", [](const Request&) {
    Response response;
    response.static_body = asset;
    return response;
  });
  test.router.add("GET", "/shared", [&](const Request&) {
    Response response;
    response.shared_body = blob;
    return response;
  });
  test.start();
  for (int i = 0; i < 6; ++i) {
    Client client(test.port(), 256 << 10);
    CHECK(client.ask(get("/static")).body == asset);
    CHECK(client.ask(get("/shared")).body == *blob);
  }
}

TEST_CASE("behind a trusted proxy the address and scheme of the client count") {
  TestServer test;
  auto tell = [](const Request& request) {
    return Response::text(200, request.peer_address + (request.secure ? " secure" : " plain"));
  };
  test.router.add("GET", "/", tell);
  test.options.trusted_proxies = {*IpRange::parse("127.0.0.0/8")};
  test.start();
  Client client(test.port());
  CHECK(client.ask(get("/")).body == "127.0.0.1 plain");
  CHECK(client.ask(get("/", "X-Forwarded-For: 6.6.6.6, 203.0.113.5\r\nX-Forwarded-Proto: https\r\n")).body ==
        "203.0.113.5 secure");
  TestServer direct;
  direct.router.add("GET", "/", tell);
  direct.start();
  Client stranger(direct.port());
  CHECK(stranger.ask(get("/", "X-Forwarded-For: 203.0.113.5\r\nX-Forwarded-Proto: https\r\n")).body ==
        "127.0.0.1 plain");
}
