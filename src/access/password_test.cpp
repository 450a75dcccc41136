#include "access/password.h"

#include <doctest/doctest.h>

#include <atomic>
#include <ctime>
#include <future>
#include <limits>
#include <set>

#include "access/password_rules.h"
#include "access/testing.h"

namespace answerable::access {
namespace {

TEST_CASE("a hash verifies its own password only, and has the parameters in it") {
  const auto hash = must(hash_password("correct horse 7 battery", cheap_cost));
  CHECK(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
  CHECK(verify_password(hash, "correct horse 7 battery", cheap_cost));
  CHECK(!verify_password(hash, "correct horse 7 batterz", cheap_cost));
  CHECK(!verify_password("", "correct horse 7 battery", cheap_cost));
  CHECK(!verify_password("not a hash", "correct horse 7 battery", cheap_cost));
  CHECK(!needs_new_hash(hash, cheap_cost));
  CHECK(needs_new_hash(hash, {.memory_bytes = 16'384, .passes = 1}));
}

TEST_CASE("a password is the same whether its accents came as one character or as two") {
  const auto hash = must(hash_password("caf\u00e9 cr\u00e8me br\u00fbl\u00e9e", cheap_cost));
  CHECK(verify_password(hash, "cafe\u0301 cre\u0300me bru\u0302le\u0301e", cheap_cost));
  CHECK(!verify_password(hash, "cafe creme brulee", cheap_cost));
  const auto odd = must(hash_password("\xff\xfe not text", cheap_cost));
  CHECK(verify_password(odd, "\xff\xfe not text", cheap_cost));
}

TEST_CASE("an unknown address costs a hash, too") {
  const auto processor_ns = [] {  // other tests may have the machine meanwhile
    timespec spent{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return std::int64_t{spent.tv_sec} * 1'000'000'000 + spent.tv_nsec;
  };
  constexpr PasswordCost cost{.memory_bytes = 8U << 20, .passes = 2};
  const auto hash = must(hash_password("correct horse 7 battery", cost));
  const auto timed = [&](std::string_view against) {
    auto best = std::numeric_limits<std::int64_t>::max();
    for (int i = 0; i < 3; ++i) {
      const auto start = processor_ns();
      verify_password(against, "something else", cost);
      best = std::min(best, processor_ns() - start);
    }
    return best;
  };
  const auto known = timed(hash);
  const auto unknown = timed("");
  CHECK(unknown * 3 > known);
  CHECK(known * 3 > unknown);
}

TEST_CASE("temporary passwords pass the rules and do not repeat") {
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) {
    const auto password = make_temporary_password();
    CHECK(check_password_rules(password, {}));
    CHECK(seen.insert(password).second);
  }
}

TEST_CASE("hashing runs on two threads, refuses more than 64 waiting, and finishes what it took") {
  std::atomic<int> done{0};
  std::promise<void> go;
  const auto gate = go.get_future().share();
  {
    HashingThreads threads;
    std::promise<void> started[2];
    for (auto& one : started)
      CHECK(threads.submit([&one, gate, &done] {
        one.set_value();
        gate.wait();
        ++done;
      }));
    for (auto& one : started) one.get_future().wait();
    for (std::size_t i = 0; i < HashingThreads::waiting_max; ++i) CHECK(threads.submit([&done] { ++done; }));
    CHECK(!threads.submit([] {}));
    go.set_value();
  }
  CHECK(done == 2 + static_cast<int>(HashingThreads::waiting_max));
}

}  // namespace
}  // namespace answerable::access
