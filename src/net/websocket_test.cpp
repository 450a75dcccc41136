#include "net/websocket.h"

#include <doctest/doctest.h>

#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "net/websocket_client_test.h"

using namespace answerable;
using namespace answerable::net;
using namespace answerable::net::testing;

namespace {

std::shared_ptr<const std::string> text(std::string bytes) {
  return std::make_shared<const std::string>(std::move(bytes));
}

// Sends back what it hears; lets the test reach the server's end.
struct Sockets {
  std::mutex mutex;
  std::vector<std::shared_ptr<WebSocket>> open;
  std::atomic<int> opened{0}, closed{0};
  std::shared_ptr<WebSocket> last() {
    std::lock_guard lock(mutex);
    return open.back();
  }
};

class Echo final : public WebSocketHandler {
 public:
  explicit Echo(Sockets& sockets) : sockets_(sockets) {}
  void on_open(std::shared_ptr<WebSocket> socket) override {
    socket_ = socket;
    std::lock_guard lock(sockets_.mutex);
    sockets_.open.push_back(std::move(socket));
    ++sockets_.opened;
  }
  void on_text(std::string_view heard) override {
    if (heard == "throw") throw std::runtime_error("asked to");
    if (heard == "close") return socket_->close(4000, "as you like");
    socket_->send(text(std::string(heard)));
  }
  void on_close() override { ++sockets_.closed; }

 private:
  Sockets& sockets_;
  std::shared_ptr<WebSocket> socket_;
};

struct EchoServer : TestServer {
  explicit EchoServer(WebSocketOptions socket_options = {}, std::size_t threads = 1) : TestServer(2, 64, threads) {
    router.add_websocket(
        "/live",
        [this](const Request& request) -> Result<std::unique_ptr<WebSocketHandler>> {
          if (request.query_parameter("token") == "bad") return fail(ErrorKind::denied, "not_here", "no");
          return std::make_unique<Echo>(sockets);
        },
        socket_options);
    start();
  }
  ~EchoServer() { server.reset(); }  // before the handlers' Sockets
  void wait_for_close() {
    while (sockets.closed < sockets.opened) std::this_thread::yield();
  }
  Sockets sockets;
};

bool upgrade(Client& client) {
  auto answer = client.ask(upgrade_request("/live"));
  return answer.status == 101 && answer.has("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

}  // namespace

TEST_CASE("a WebSocket echoes, pongs and closes with the code of the peer") {
  EchoServer test;
  Client client(test.port());
  client.send(upgrade_request("/live") + client_frame(0x81, "early"));  // in one packet with the handshake
  CHECK(client.answer().status == 101);
  CHECK(next_frame(client).payload == "early");
  client.send(client_frame(0x81, "héllo") + client_frame(0x89, "are you there") +
              client_frame(0x81, std::string(60'000, 'x')));
  CHECK(next_frame(client).payload == "are you there");  // pongs go at once, sends after the handler returned
  CHECK(next_frame(client).payload == "héllo");
  CHECK(next_frame(client).payload.size() == 60'000);
  client.send(client_close(3001));
  CHECK(next_frame(client).close_code() == 3001);
  CHECK(client.at_end());
  test.wait_for_close();
  CHECK(test.sockets.closed == 1);
  CHECK_FALSE(test.sockets.last()->is_open());
  test.sockets.last()->send(text("into the void"));
}

TEST_CASE("the server closes: it waits for the answer, and not for ever") {
  EchoServer test({.close_timeout_ms = 50});
  Client polite(test.port());
  REQUIRE(upgrade(polite));
  polite.send(client_frame(0x81, "close"));
  auto frame = next_frame(polite);
  CHECK(frame.close_code() == 4000);
  CHECK(frame.payload.substr(2) == "as you like");
  polite.send(client_close(4000));
  CHECK(polite.at_end());
  Client rude(test.port());
  REQUIRE(upgrade(rude));
  rude.send(client_frame(0x81, "close"));
  CHECK(next_frame(rude).close_code() == 4000);
  CHECK(rude.at_end());
  test.wait_for_close();
  CHECK(test.sockets.closed == 2);
}

TEST_CASE("bad frames are refused with the standard codes on a real connection") {
  EchoServer test({.max_message_bytes = 1000});
  struct Case {
    std::string bytes;
    int code;
  };
  for (const auto& [bytes, code] : {Case{client_frame(0x81, std::string(1001, 'x')), 1009},
                                    Case{client_frame(0x81, "\xFF"), 1007}, Case{client_frame(0x81, "x", false), 1002},
                                    Case{client_frame(0x82, "x"), 1003}, Case{client_frame(0x81, "throw"), 1011}}) {
    CAPTURE(code);
    Client client(test.port());
    REQUIRE(upgrade(client));
    client.send(bytes);
    CHECK(next_frame(client).close_code() == code);
    if (code == 1011) client.send(client_close(1011));
    CHECK(client.at_end());
  }
  Client exact(test.port());
  REQUIRE(upgrade(exact));
  exact.send(client_frame(0x81, std::string(1000, 'x')));
  CHECK(next_frame(exact).payload.size() == 1000);
}

TEST_CASE("an idle socket is pinged, and dropped when nothing comes back") {
  EchoServer test({.ping_every_ms = 40});
  Client client(test.port());
  REQUIRE(upgrade(client));
  for (int i = 0; i < 3; ++i) {
    CHECK(next_frame(client).first == 0x89);
    client.send(client_frame(0x8A, ""));
  }
  CHECK(next_frame(client).first == 0x89);
  CHECK(client.at_end());
  test.wait_for_close();
}

TEST_CASE("a slow reader is closed with 1013 once more than its queue waits, and others are not disturbed") {
  EchoServer test({.max_queued_bytes = 4U << 20, .close_timeout_ms = 5'000});
  Client slow(test.port(), 4096);
  REQUIRE(upgrade(slow));
  while (test.sockets.opened < 1) std::this_thread::yield();
  auto to_slow = test.sockets.last();
  Client quick(test.port());
  REQUIRE(upgrade(quick));
  auto chunk = text(std::string(1U << 20, 'c'));
  std::size_t sent = 0;
  while (to_slow->is_open() && sent < 200) {
    to_slow->send(chunk);
    ++sent;
  }
  CHECK(sent < 200);
  quick.send(client_frame(0x81, "still quick"));
  CHECK(next_frame(quick).payload == "still quick");
  auto frame = next_frame(slow);
  while (frame.first == 0x81) {
    CHECK(frame.payload.size() == chunk->size());  // whole frames up to the close
    frame = next_frame(slow);
  }
  CHECK(frame.close_code() == 1013);
  slow.send(client_close(1013));
  CHECK(slow.at_end());
  CHECK(test.server->figures().websockets_closed_slow == 1);
}

TEST_CASE("one text is fanned out to many sockets from another thread, in order") {
  EchoServer test({}, 2);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<Client>(test.port()));
    REQUIRE(upgrade(*clients.back()));
  }
  while (test.sockets.opened < 20) std::this_thread::yield();
  std::thread sender([&] {
    for (int n = 0; n < 200; ++n) {
      auto shared = text("event " + std::to_string(n));
      for (auto& socket : test.sockets.open) socket->send(shared);
    }
  });
  bool in_order = true;
  for (auto& client : clients) {
    for (int n = 0; n < 200; ++n) in_order = in_order && next_frame(*client).payload == "event " + std::to_string(n);
  }
  sender.join();
  CHECK(in_order);
}

TEST_CASE("the factory's error is the HTTP answer, and a wrong handshake is told what is wrong") {
  EchoServer test;
  Client client(test.port());
  auto denied = client.ask(upgrade_request("/live?token=bad"));
  CHECK(denied.status == 403);
  CHECK(denied.body.find("not_here") != std::string::npos);
  auto plain = client.ask(get("/live"));
  CHECK(plain.status == 426);
  CHECK(plain.has("Upgrade: websocket"));
  auto old = client.ask(get("/live", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n"));
  CHECK(old.has("Sec-WebSocket-Version: 13"));
  auto no_key = client.ask(get("/live", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"));
  CHECK(no_key.status == 400);
  CHECK(client.ask(get("/elsewhere", "Connection: Upgrade\r\nUpgrade: websocket\r\n")).status == 404);
}

TEST_CASE("stopping the server closes WebSockets with 1001") {
  EchoServer test;
  Client client(test.port());
  REQUIRE(upgrade(client));
  bool clean = false;
  std::thread stopper([&] { clean = test.server->stop(10'000); });
  CHECK(next_frame(client).close_code() == 1001);
  client.send(client_close(1001));
  CHECK(client.at_end());
  stopper.join();
  CHECK(clean);
  CHECK(test.sockets.closed == 1);
}
