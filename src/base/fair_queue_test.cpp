#include "base/fair_queue.h"

#include <doctest/doctest.h>

#include <map>
#include <vector>

using namespace answerable;

namespace {

bool push(FairQueue<int>& queue, Lane lane, int piece) { return queue.push(lane, piece); }

// Serves so many pieces, one after the other; each takes as long as its value says. Time by lane.
std::map<Lane, std::int64_t> serve(FairQueue<int>& queue, int pieces) {
  std::map<Lane, std::int64_t> taken;
  for (int i = 0; i < pieces; ++i) {
    auto next = queue.pop();
    if (!next) break;
    taken[next->first] += next->second;
    queue.end(next->first, next->second);
  }
  return taken;
}

}  // namespace

TEST_CASE("one lane is first come first served") {
  FairQueue<int> queue({});
  for (int i = 1; i <= 3; ++i) CHECK(push(queue, 7, i));
  for (int i = 1; i <= 3; ++i) {
    auto next = queue.pop();
    REQUIRE(next);
    CHECK(next->second == i);
    queue.end(7, 10);
  }
  CHECK_FALSE(queue.pop());
  CHECK(queue.lanes() == 0);  // nothing is remembered of who has nothing here
}

TEST_CASE("one that asks once is served after at most one piece of each of the others, however much waits") {
  FairQueue<int> queue({});
  for (int i = 0; i < 1'000; ++i) CHECK(push(queue, 1, 100));
  (void)serve(queue, 50);
  CHECK(push(queue, 2, 100));
  const auto taken = serve(queue, 2);
  CHECK(taken.contains(2));
}

TEST_CASE("lanes share the time, not the pieces: heavy work has its turn less often") {
  FairQueue<int> queue({});
  for (int i = 0; i < 2'000; ++i) {
    CHECK(push(queue, 1, 5'000));
    CHECK(push(queue, 2, 100));
  }
  const auto taken = serve(queue, 1'000);
  const double share = static_cast<double>(taken.at(1)) / static_cast<double>(taken.at(1) + taken.at(2));
  CHECK(share > 0.4);
  CHECK(share < 0.6);
}

TEST_CASE("who was idle has saved nothing up") {
  FairQueue<int> queue({});
  for (int i = 0; i < 1'000; ++i) CHECK(push(queue, 1, 100));
  (void)serve(queue, 500);
  for (int i = 0; i < 1'000; ++i) CHECK(push(queue, 2, 100));
  const auto taken = serve(queue, 100);
  CHECK(taken.at(1) > 4'000);
  CHECK(taken.at(2) > 4'000);
}

TEST_CASE("so many pieces of one lane run at once, so that another finds a free thread") {
  FairQueue<int> queue({.waiting_max = 100, .lane_waiting_max = 100, .lane_running_max = 3});
  for (int i = 0; i < 10; ++i) CHECK(push(queue, 1, i));
  for (int i = 0; i < 3; ++i) CHECK(queue.pop());
  CHECK_FALSE(queue.pop());
  CHECK(push(queue, 2, 0));
  CHECK(queue.pop()->first == 2);
  CHECK_FALSE(queue.pop());
  queue.end(1, 10);
  CHECK(queue.pop()->first == 1);
}

TEST_CASE("a lane has its bound, and all have one; beyond it the longest queue gives way") {
  FairQueue<int> queue({.waiting_max = 5, .lane_waiting_max = 4, .lane_running_max = 1});
  for (int i = 0; i < 4; ++i) CHECK(push(queue, 1, i));
  CHECK_FALSE(push(queue, 1, 4));
  CHECK_FALSE(queue.evict_for(1, [](int) { return true; }));  // there is room for others
  CHECK(push(queue, 2, 20));
  CHECK_FALSE(push(queue, 3, 30));
  CHECK_FALSE(queue.evict_for(1, [](int) { return true; }));  // the longest does not push out another
  CHECK_FALSE(queue.evict_for(3, [](int) { return false; }));
  const auto evicted = queue.evict_for(3, [](int) { return true; });
  REQUIRE(evicted);
  CHECK(*evicted == 3);  // the newest of lane 1
  CHECK(push(queue, 3, 30));
  CHECK(queue.waiting() == 5);
  std::vector<Lane> order;
  while (auto next = queue.pop()) {
    order.push_back(next->first);
    queue.end(next->first, 100);
  }
  CHECK(order.size() == 5);
  CHECK(queue.lanes() == 0);
}
