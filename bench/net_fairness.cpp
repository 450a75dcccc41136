// Whether one workspace that floods slows another: the time from asking to the answer, of the quiet one.
//   build/release/bench_net_fairness [worker threads, 8]
// Method: work of 300 µs of processor time on a worker pool with its queue of 4,096. The quiet workspace asks each 10
// ms for five seconds; the other at twenty times that, and then as fast as it can with 2,000 requests outstanding.
// First the quiet one alone; then both in lanes of their own; then both in one lane, which is how it was before.
// The times are of the wall: on a busy machine they tell how busy it is (`chrt -f 1` gives this program the
// processors). What they do not depend on: how many pieces of the other began while the quiet one waited for a thread.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <semaphore>
#include <thread>
#include <vector>

#include "net/worker_pool.h"

using namespace answerable;
using Steady = std::chrono::steady_clock;

namespace {

constexpr auto measured_for = std::chrono::seconds(5);

void burn() {
  const auto until = Steady::now() + std::chrono::microseconds(300);
  while (Steady::now() < until) {
  }
}

enum class Flood { none, twenty_times, all_it_can };

class Flooding {
 public:
  Flooding(net::WorkerPool& pool, Flood flood, Lane lane)
      : thread_([this, &pool, flood, lane] { run(pool, flood, lane); }) {}
  ~Flooding() {
    stop_ = true;
    thread_.join();
    while (outstanding_ > 0) std::this_thread::yield();
  }
  std::int64_t done() const { return done_; }
  std::int64_t begun() const { return begun_; }

 private:
  void run(net::WorkerPool& pool, Flood flood, Lane lane) {
    auto next = Steady::now();
    while (!stop_ && flood != Flood::none) {
      if (flood == Flood::twenty_times) std::this_thread::sleep_until(next += std::chrono::microseconds(500));
      if (outstanding_ >= 2'000) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        continue;
      }
      ++outstanding_;
      const bool is_taken = pool.submit(
          lane,
          [this] {
            ++begun_;
            burn();
            ++done_;
            --outstanding_;
          },
          [this] { --outstanding_; });
      if (!is_taken) --outstanding_;
    }
  }

  std::atomic<bool> stop_{false};
  std::atomic<int> outstanding_{0};
  std::atomic<std::int64_t> begun_{0}, done_{0};
  std::thread thread_;
};

void measure(std::string_view what, std::size_t threads, Flood flood, Lane lane_of_flood) {
  net::WorkerPool pool(threads, 4'096);
  std::vector<double> waited_ms;
  std::vector<std::int64_t> before;  // pieces of the other, while the quiet one waited for a thread
  std::int64_t done = 0;
  {
    const Flooding flooding(pool, flood, lane_of_flood);
    auto next = Steady::now() + std::chrono::milliseconds(200);
    const auto end = next + measured_for;
    while (Steady::now() < end) {
      std::this_thread::sleep_until(next += std::chrono::milliseconds(10));
      std::binary_semaphore answered(0);
      const auto asked = Steady::now();
      const auto begun = flooding.begun();
      if (!pool.submit(1, [&] {
            before.push_back(flooding.begun() - begun);
            burn();
            answered.release();
          }))
        continue;
      answered.acquire();
      waited_ms.push_back(std::chrono::duration<double, std::milli>(Steady::now() - asked).count());
    }
    done = flooding.done();
  }
  if (waited_ms.empty()) return fmt::print("{}: nothing was answered\n", what);
  std::ranges::sort(waited_ms);
  std::ranges::sort(before);
  const auto at = [&](double share) {
    return waited_ms[static_cast<std::size_t>(share * static_cast<double>(waited_ms.size() - 1))];
  };
  fmt::print(
      "{:<44} p50 {:7.2f} ms, p99 {:7.2f} ms, worst {:7.2f} ms; went before it: p99 {}; {} answered; the other {}\n",
      what, at(0.5), at(0.99), at(1), before[before.size() * 99 / 100], waited_ms.size(), done);
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  const auto threads = count > 1 ? std::stoul(arguments[1]) : 8;
  measure("alone", threads, Flood::none, 2);
  measure("beside twenty times as much, own lanes", threads, Flood::twenty_times, 2);
  measure("beside twenty times as much, one lane", threads, Flood::twenty_times, 1);
  measure("beside all the other can, own lanes", threads, Flood::all_it_can, 2);
  measure("beside all the other can, one lane", threads, Flood::all_it_can, 1);
}
