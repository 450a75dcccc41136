// What one decision of the rate limiter costs.
//   build/release/bench_base_rate_limiter
// Method: ten million decisions with the system's clock over 1, 1,000 and 100,000 keys (the last are more than the
// table holds), by one thread and by two at once; nanoseconds of wall time for each decision of one thread.
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "base/rate_limiter.h"

using namespace answerable;

namespace {

constexpr int decisions = 10'000'000;

double ns_each(std::size_t keys, int threads) {
  const SystemClock clock;
  RateLimiter limiter(clock);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < keys; ++i) names.push_back("u0190d5ec-7b3c-7000-8000-" + std::to_string(100'000 + i));
  const auto run = [&] {
    for (int i = 0; i < decisions; ++i) (void)limiter.take(names[static_cast<std::size_t>(i) % keys], {.quota = 1'000});
  };
  const auto began = std::chrono::steady_clock::now();
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) running.emplace_back(run);
  for (auto& thread : running) thread.join();
  const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - began;
  return taken.count() / decisions;
}

}  // namespace

int main() {
  for (const int threads : {1, 2})
    for (const std::size_t keys : {1UL, 1'000UL, 100'000UL})
      fmt::print("{} thread(s), {:>6} keys: {:.0f} ns a decision\n", threads, keys, ns_each(keys, threads));
}
