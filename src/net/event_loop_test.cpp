#include "net/event_loop.h"

#include <doctest/doctest.h>

#include <future>
#include <vector>

using namespace answerable::net;

TEST_CASE("posted work runs in order") {
  EventLoop loop(2);
  std::vector<int> seen;
  std::promise<void> done;
  for (int i = 0; i < 100; ++i) loop.post([&, i] { seen.push_back(i); });
  loop.post([&] { done.set_value(); });
  done.get_future().wait();
  REQUIRE(seen.size() == 100);
  CHECK(seen.front() == 0);
  CHECK(seen.back() == 99);
}

TEST_CASE("timers run in the order of their delays, and a cancelled one does not run") {
  EventLoop loop;
  std::vector<int> seen;
  std::promise<void> done;
  loop.run_after(30, [&] {
    seen.push_back(3);
    done.set_value();
  });
  auto cancelled = loop.run_after(10, [&] { seen.push_back(99); });
  loop.run_after(1, [&] { seen.push_back(1); });
  cancelled.cancel();
  cancelled.cancel();
  done.get_future().wait();
  CHECK(seen == std::vector<int>{1, 3});
}

TEST_CASE("after the loop has stopped work is dropped and handles stay harmless") {
  Timer late;
  {
    EventLoop loop;
    late = loop.run_after(1'000'000, [] {});
    loop.stop();
    loop.post([] { FAIL("ran after stop"); });
    auto none = loop.run_after(0, [] { FAIL("ran after stop"); });
    none.cancel();
  }
  late.cancel();
}
