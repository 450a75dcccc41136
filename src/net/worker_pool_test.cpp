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

TEST_CASE("one lane cannot have all threads, so that another's work begins at once") {
  WorkerPool pool(4, 100);
  std::latch started(3);
  std::latch release(1);
  std::atomic<int> flood = 0;
  for (int i = 0; i < 50; ++i)
    REQUIRE(pool.submit(1, [&] {
      if (++flood <= 3) started.count_down();
      release.wait();
    }));
  started.wait();
  std::latch other(1);
  REQUIRE(pool.submit(2, [&] { other.count_down(); }));
  other.wait();  // while the flood holds all that it may
  CHECK(flood == 3);
  release.count_down();
  pool.drain();
  CHECK(flood == 50);
}

TEST_CASE("a full queue refuses who asks most, and takes the others") {
  std::latch started(1);
  std::latch release(1);
  std::atomic<int> ran = 0, refused = 0;
  WorkerPool pool(1, 4);
  REQUIRE(pool.submit([&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  for (int i = 0; i < 4; ++i) REQUIRE(pool.submit(1, [&] { ++ran; }, [&] { ++refused; }));
  CHECK_FALSE(pool.submit(1, [&] { ran += 100; }, [&] { refused += 100; }));
  CHECK(pool.submit(2, [&] { ran += 10; }));
  CHECK(refused == 1);
  CHECK(pool.submit(2, [&] { ran += 10; }));
  CHECK(refused == 2);
  CHECK_FALSE(pool.submit(2, [&] { ran += 100; }));  // as many wait as of the other
  release.count_down();
  pool.drain();
  CHECK(ran == 22);
  CHECK(refused == 2);
}
