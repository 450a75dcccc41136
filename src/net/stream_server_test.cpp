#include "net/stream_server.h"

#include <doctest/doctest.h>

#include <latch>
#include <mutex>
#include <thread>
#include <vector>

#include "net/loopback_test.h"

using namespace answerable;
using namespace answerable::net;
using namespace answerable::net::testing;

namespace {

// A protocol of lines: "later X" is answered from another thread while reading is paused, anything else is echoed.
struct Lines final : StreamProtocol {
  struct Shared {
    std::atomic<int> opened{0}, closed{0}, jobs{0};
    std::latch* gate = nullptr;  // when set, the other thread waits here
    std::mutex mutex;
    std::vector<std::jthread> others;  // last: they use what stands above, and the gate, until they are joined
  };
  explicit Lines(Shared& all) : shared(all) {}
  ~Lines() override { ++shared.closed; }

  void on_open(std::shared_ptr<StreamPeer> with, StreamOutput& out) override {
    peer = std::move(with);
    ++shared.opened;
    out.write("220 " + peer->address() + "\r\n");
  }
  std::size_t on_bytes(std::string_view bytes, StreamOutput& out) override {
    auto end = bytes.find("\r\n");
    if (end == std::string_view::npos) return 0;
    auto line = bytes.substr(0, end);
    if (line == "QUIT") {
      out.write("221 bye\r\n");
      out.close();
    } else if (line == "STARTTLS") {
      out.write(out.can_start_tls() ? "220 go ahead\r\n" : "502 no\r\n");
      if (out.can_start_tls()) out.start_tls();
    } else if (line.starts_with("later ")) {
      out.pause();
      answer_later("250 " + std::string(line.substr(6)) + "\r\n");
    } else {
      out.write("250 " + std::string(line) + "\r\n");
    }
    return end + 2;
  }
  void on_idle(StreamOutput& out) override { out.write("421 too quiet\r\n"); }
  void answer_later(std::string answer) {
    ++shared.jobs;
    std::scoped_lock lock(shared.mutex);
    shared.others.emplace_back([this, port = peer, gate = shared.gate, answer = std::move(answer)] {
      if (gate != nullptr) gate->wait();
      port->post([this, answer](StreamOutput& out) {
        ++answered;
        out.write(answer);
        out.resume();
      });
    });
  }

  Shared& shared;
  std::shared_ptr<StreamPeer> peer;
  int answered = 0;
};

struct LineServer {
  explicit LineServer(StreamServerOptions options = {}) {
    auto started = StreamServer::start(loop, [this] { return std::make_unique<Lines>(shared); }, std::move(options));
    REQUIRE(started.has_value());
    server = std::move(*started);
  }
  std::uint16_t port() const { return server->port(); }
  Lines::Shared shared;
  EventLoop loop;
  std::unique_ptr<StreamServer> server;
};

}  // namespace

TEST_CASE("lines come in any pieces and are answered in order, also those that wait for another thread") {
  LineServer test;
  Client client(test.port());
  CHECK(client.until("\r\n") == "220 127.0.0.1\r\n");
  client.send("he");
  client.send("llo\r\nlater one\r\ntwo\r\nlater three\r\nfo");
  client.send("ur\r\nQUIT\r\n");
  CHECK(client.to_end() == "250 hello\r\n250 one\r\n250 two\r\n250 three\r\n250 four\r\n221 bye\r\n");
  while (test.shared.closed < 1) std::this_thread::yield();
  CHECK(test.server->figures().accepted == 1);
}

TEST_CASE("an answer that comes after the client has gone is dropped") {
  std::latch gate(1);
  LineServer test;
  test.shared.gate = &gate;
  {
    Client client(test.port());
    client.until("\r\n");
    client.send("later x\r\n");
    while (test.shared.jobs == 0) std::this_thread::yield();
  }
  test.server->stop(0);
  CHECK(test.shared.closed == 1);
  gate.count_down();
}

TEST_CASE("an idle connection gets a farewell at its deadline") {
  LineServer test({.idle_timeout_ms = 50});
  Client client(test.port());
  CHECK(client.to_end() == "220 127.0.0.1\r\n421 too quiet\r\n");
  CHECK(test.server->figures().timeouts >= 1);
}

TEST_CASE("a line that never ends is cut off at its bound") {
  LineServer test({.unconsumed_bytes_max = 1000});
  Client exact(test.port());
  exact.until("\r\n");
  exact.send(std::string(998, 'x') + "\r\n");
  CHECK(exact.until("\r\n").size() == 998 + 6);
  Client endless(test.port());
  endless.until("\r\n");
  endless.send(std::string(1000, 'x'));
  CHECK(endless.at_end());
}

TEST_CASE("one connection too many gets the reply and is closed") {
  LineServer test({.connections_max = 1, .too_many_reply = "421 too many\r\n"});
  Client one(test.port());
  CHECK(one.until("\r\n") == "220 127.0.0.1\r\n");
  Client two(test.port());
  CHECK(two.to_end() == "421 too many\r\n");
  CHECK(test.server->figures().refused == 1);
}

TEST_CASE("a peer that does not read its answers is not read either, and dropped at the write deadline") {
  LineServer test({.write_timeout_ms = 100});
  Client client(test.port(), 4096);
  std::string line(60'000, 'x');
  std::thread flood([&] {
    while (client.send(line + "\r\n")) {
    }
  });
  flood.join();  // ends because the server drops the connection
  while (test.shared.closed < 1) std::this_thread::yield();
  CHECK(test.server->figures().timeouts >= 1);
}

TEST_CASE("without a certificate STARTTLS is refused by the protocol and the connection goes on") {
  LineServer test;
  Client client(test.port());
  client.until("\r\n");
  client.send("STARTTLS\r\nhello\r\n");
  CHECK(client.until("\r\n") == "502 no\r\n");
  CHECK(client.until("\r\n") == "250 hello\r\n");
}

TEST_CASE("stopping says farewell to those who wait for lines and lets a paused one have its answer") {
  std::latch gate(1);
  LineServer test;
  test.shared.gate = &gate;
  Client idle(test.port());
  Client busy(test.port());
  idle.until("\r\n");
  busy.until("\r\n");
  busy.send("later done\r\n");
  while (test.shared.jobs == 0) std::this_thread::yield();
  bool clean = false;
  std::thread stopper([&] { clean = test.server->stop(10'000); });
  CHECK(idle.until("\r\n") == "421 too quiet\r\n");
  idle.finish_sending();
  gate.count_down();
  CHECK(busy.until("\r\n") == "250 done\r\n");
  CHECK(busy.until("\r\n") == "421 too quiet\r\n");
  busy.finish_sending();
  stopper.join();
  CHECK(clean);
  CHECK(test.shared.closed == 2);
}
