#include "net/worker_pool.h"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>

using namespace answerable::net;

TEST_CASE("a full queue refuses, at its bound") {
  std::latch started(1);
  std::latch release(1);
  std::atomic<int> ran = 0;
  {
    WorkerPool pool(1, 3);
    REQUIRE(pool.submit([&] {
      started.count_down();
      release.wait();
      ++ran;
    }));
    started.wait();  // the one thread is busy now, the queue empty
    for (int i = 0; i < 3; ++i) CHECK(pool.submit([&] { ++ran; }));
    CHECK(pool.queue_depth() == 3);
    CHECK_FALSE(pool.submit([&] { ran += 100; }));
    release.count_down();
  }
  CHECK(ran == 4);
}

TEST_CASE("draining runs what is queued and refuses what comes later") {
  WorkerPool pool(4, 10'000);
  std::atomic<int> ran = 0;
  for (int i = 0; i < 5'000; ++i) REQUIRE(pool.submit([&] { ++ran; }));
  pool.drain();
  CHECK(ran == 5'000);
  CHECK_FALSE(pool.submit([] {}));
  pool.drain();
}
