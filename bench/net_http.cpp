// A server to measure from outside: prints its port, serves until standard input ends. See the head of each line for
// how.
//
//   bench_net_http serve [loop threads] [worker threads]
//     GET /loop            300 bytes, answered on the event loop
//     GET /work            300 bytes, answered on the worker pool
//     /live                WebSocket that echoes
//     POST /fan            sends one 300-byte text to every open WebSocket; answers how many and the time until all
//     were
//                          handed to the sockets' queues
//   bench_net_http idle N  opens N idle WebSockets to a server in a second process and prints the growth of its
//   resident
//                          memory for each, then fans one text out to all and prints the time until the last has it
//   bench_net_http hop     time from submit() on one thread to the start of the job on an idle pool, and back again
#include <arpa/inet.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <latch>
#include <mutex>
#include <semaphore>
#include <string>
#include <vector>

#include "base/clock.h"
#include "net/server.h"

using namespace answerable;
using namespace answerable::net;

namespace {

double now_us() {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Sockets {
  std::mutex mutex;
  std::vector<std::shared_ptr<WebSocket>> open;
};

class Echo final : public WebSocketHandler {
 public:
  explicit Echo(Sockets& sockets) : sockets_(sockets) {}
  void on_open(std::shared_ptr<WebSocket> socket) override {
    socket_ = socket;
    std::lock_guard lock(sockets_.mutex);
    sockets_.open.push_back(std::move(socket));
  }
  void on_text(std::string_view text) override { socket_->send(std::make_shared<const std::string>(text)); }
  void on_close() override {}

 private:
  Sockets& sockets_;
  std::shared_ptr<WebSocket> socket_;
};

int serve(std::size_t loops, std::size_t workers, int announce_to) {
  SystemClock clock;
  Sockets sockets;
  Router router;
  static const std::string body(300, 'x');
  auto small = [](const Request&) { return Response::text(200, body); };
  router.add("GET", "/loop", small, {.blocking = false});
  router.add("GET", "/work", small);
  router.add_websocket("/live", [&](const Request&) -> Result<std::unique_ptr<WebSocketHandler>> {
    return std::make_unique<Echo>(sockets);
  });
  router.add("POST", "/fan", [&](const Request&) {
    auto text = std::make_shared<const std::string>(300, 'e');
    std::lock_guard lock(sockets.mutex);
    auto began = now_us();
    for (auto& socket : sockets.open) socket->send(text);
    return Response::text(200, std::to_string(sockets.open.size()) + " " + std::to_string(now_us() - began));
  });
  WorkerPool pool(workers, 1024);
  EventLoop loop(loops);
  auto server = HttpServer::start({loop, pool, router, clock}, {});
  if (!server) return std::fprintf(stderr, "%s\n", server.error().detail.c_str()), 1;
  auto line = std::to_string((*server)->port()) + "\n";
  if (::write(announce_to, line.data(), line.size()) < 0) return 1;
  char end = 0;
  while (::read(0, &end, 1) > 0) {
  }
  (*server)->stop(1000);
  server->reset();
  pool.drain();
  return 0;
}

int connect_to(std::uint16_t port) {
  int handle = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::connect(handle, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 ? handle : -1;
}

bool ask(int handle, const std::string& request, std::string& answer) {
  if (::send(handle, request.data(), request.size(), MSG_NOSIGNAL) < 0) return false;
  char buffer[2048];
  auto size = ::recv(handle, buffer, sizeof buffer, 0);
  answer.assign(buffer, size > 0 ? static_cast<std::size_t>(size) : 0);
  return size > 0;
}

long resident_kb(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6);
  }
  return 0;
}

int idle(int count) {
  rlimit files{1U << 20, 1U << 20};
  if (::setrlimit(RLIMIT_NOFILE, &files) != 0) ::getrlimit(RLIMIT_NOFILE, &files);
  int announce[2];
  int input[2];
  if (::pipe(announce) != 0 || ::pipe(input) != 0) return 1;
  pid_t child = ::fork();
  if (child == 0) {
    ::dup2(input[0], 0);
    ::close(input[1]);
    ::_exit(serve(1, 2, announce[1]));
  }
  char text[16] = {};
  if (::read(announce[0], text, sizeof text) <= 0) return 1;
  auto port = static_cast<std::uint16_t>(std::atoi(text));
  std::string answer;
  int control = connect_to(port);
  ask(control, "GET /work HTTP/1.1\r\nHost: t\r\n\r\n", answer);
  auto before = resident_kb(child);
  std::vector<int> handles;
  auto began = now_us();
  for (int i = 0; i < count; ++i) {
    int handle = connect_to(port);
    if (handle < 0 || !ask(handle,
                           "GET /live HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                           "Cookie: __Host-session=0123456789abcdef0123456789abcdef0123456789a\r\n\r\n",
                           answer)) {
      std::fprintf(stderr, "stopped at %d: %s\n", i, std::strerror(errno));
      break;
    }
    handles.push_back(handle);
  }
  auto opened_us = now_us() - began;
  auto after = resident_kb(child);
  auto n = static_cast<double>(handles.size());
  std::printf("%zu idle WebSockets: %.2f KB resident each (server %ld KB before, %ld KB after), opened in %.0f ms\n",
              handles.size(), static_cast<double>(after - before) / n, before, after, opened_us / 1000);
  for (int round = 0; round < 5; ++round) {
    began = now_us();
    ask(control, "POST /fan HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n", answer);
    char buffer[512];
    for (int handle : handles) {
      if (::recv(handle, buffer, 304, MSG_WAITALL) != 304) std::fprintf(stderr, "short\n");
    }
    auto took = now_us() - began;
    std::printf("fan-out of one 300-byte text to %zu: last one has it after %.1f ms (%.0f messages/s)\n",
                handles.size(), took / 1000, n / took * 1e6);
  }
  std::printf("after fan-out: %.2f KB resident each\n", static_cast<double>(resident_kb(child) - before) / n);
  for (int handle : handles) ::close(handle);
  ::close(control);
  ::close(input[1]);
  ::waitpid(child, nullptr, 0);
  return 0;
}

int hop() {
  WorkerPool pool(2, 64);
  std::vector<double> there;
  std::vector<double> both;
  for (int i = 0; i < 20'000; ++i) {
    std::binary_semaphore done(0);
    double at = 0;
    auto began = now_us();
    if (!pool.submit([&] {
          at = now_us();
          done.release();
        })) {
      return 1;
    }
    done.acquire();
    both.push_back(now_us() - began);
    there.push_back(at - began);
  }
  std::sort(there.begin(), there.end());
  std::sort(both.begin(), both.end());
  std::printf("hop to an idle pool: p50 %.1f us, p99 %.1f us; there and back: p50 %.1f us, p99 %.1f us\n",
              there[there.size() / 2], there[there.size() * 99 / 100], both[both.size() / 2],
              both[both.size() * 99 / 100]);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::string what = argc > 1 ? argv[1] : "hop";
  auto number = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
  if (what == "serve") return serve(static_cast<std::size_t>(number(2, 1)), static_cast<std::size_t>(number(3, 2)), 1);
  if (what == "idle") return idle(number(2, 10'000));
  if (what == "hop") return hop();
  std::fprintf(stderr, "usage: bench_net_http serve|idle|hop\n");
  return 2;
}
