#include "intake/work_queue.h"

#include <doctest/doctest.h>

#include <chrono>

namespace answerable::intake {
namespace {

WorkItem item(int attempts) {
  WorkItem item;
  item.attempts = attempts;
  return item;
}

TEST_CASE("what was put back comes when it is due, in the order of the due times") {
  FakeClock clock;
  WorkQueue queue(clock);
  queue.push_later(item(3), 30);
  queue.push_later(item(1), 10);
  queue.push_later(item(2), 10);
  queue.push_later(item(4), 31);
  queue.push(item(0));
  CHECK(queue.pop()->attempts == 0);
  clock.advance_ms(30);
  for (int expected : {1, 2, 3}) CHECK(queue.pop()->attempts == expected);
  clock.advance_ms(1);
  CHECK(queue.pop()->attempts == 4);
  queue.close();
  CHECK_FALSE(queue.pop());
}

TEST_CASE("workspaces have their turn one after the other, however much one has, and each keeps its order") {
  FakeClock clock;
  WorkQueue queue(clock);
  const auto flood = WorkspaceId::make(clock), quiet = WorkspaceId::make(clock);
  const auto push = [&](WorkspaceId workspace, int attempts) {
    auto one = item(attempts);
    one.workspace = workspace;
    queue.push(std::move(one));
  };
  for (int i = 0; i < 1'000; ++i) push(flood, i);
  for (int i = 0; i < 100; ++i) CHECK(queue.pop()->attempts == i);
  for (int i = 0; i < 5; ++i) push(quiet, i);
  int of_flood = 100, of_quiet = 0;
  for (int i = 0; i < 11; ++i) {
    const auto next = queue.pop();
    CHECK(next->attempts == (next->workspace == quiet ? of_quiet++ : of_flood++));
  }
  CHECK(of_quiet == 5);
}

TEST_CASE("as many as may wait are no burden while none of them is due") {
  FakeClock clock;
  WorkQueue queue(clock);
  for (int i = 0; i < 50'000; ++i) queue.push_later(item(i), 1'000);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 20'000; ++i) {
    queue.push(item(i));
    REQUIRE(queue.pop()->attempts == i);
  }
  // Looking through all of them each time took minutes.
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
}

}  // namespace
}  // namespace answerable::intake
