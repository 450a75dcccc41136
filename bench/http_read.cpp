// What a request of the API costs beyond the socket: guard, database, JSON. Method: the whole API on a SQLite file with
// N conversations of one message each (a tenth with 30 more), requests through router and guard on one thread, CPU of
// that thread.
//   bench_http_read [conversations, default 50000]
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>

#include "http/testing.h"

using namespace answerable;
using namespace answerable::http;

namespace {

constexpr int runs = 3'000;

double thread_cpu_us() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

void measure(const char* what, const std::function<net::Response()>& act) {
  std::size_t bytes = 0;
  for (int i = 0; i < 50; ++i) bytes = act().content().size();
  std::vector<double> took;
  const auto before = thread_cpu_us();
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    if (act().status != 200) std::abort();
    took.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
  }
  const auto cpu = (thread_cpu_us() - before) / runs;
  std::ranges::sort(took);
  fmt::print("{:<28} {:>7} bytes {:>7.0f} us CPU  {:>7.0f}/s a core   p50 {:>6.0f} us   p99 {:>6.0f} us\n", what, bytes,
             cpu, 1e6 / cpu, took[runs / 2], took[runs * 99 / 100]);
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 50'000;
  ApiConfig patient;
  patient.attempts_patience = 1'000;  // nobody reads as this does
  ApiFixture desk(std::move(patient));
  const auto cookie = desk.sign_in(desk.add("zoe@acme.example", access::Role::agent));
  std::vector<ConversationId> all;
  constexpr int group = 500;
  for (int done = 0; done < count; done += group) {
    access::must(desk.database->write([&](store::Transaction& tx) -> Status {
      for (int i = 0; i < group; ++i) {
        const auto from = "c" + std::to_string(done + i) + "@customer.example";
        TRY(const auto first, desk.receive_in(tx, from, "Where is my order number " + std::to_string(i) + "?", {}));
        all.push_back(first.conversation);
        for (int k = 0; i % 10 == 0 && k < 30; ++k)
          TRY_STATUS(desk.receive_in(tx, from, "And one more thing about the lamp.", first.conversation));
      }
      return {};
    }));
  }
  fmt::print("{} conversations\n", all.size());
  std::mt19937 random(1);
  const auto get = [&](std::string target) { return desk.send({.target = std::move(target), .cookie = cookie}); };
  measure("session", [&] { return get("/session"); });
  measure("list of 50", [&] { return get("/conversations"); });
  measure("unassigned list of 50", [&] { return get("/conversations?view=unassigned"); });
  measure("open, 1 message", [&] { return get("/conversations/" + all[random() % all.size() / 10 * 10 + 1].text()); });
  measure("open, 31 messages", [&] { return get("/conversations/" + all[random() % all.size() / 10 * 10].text()); });
  return 0;
}
