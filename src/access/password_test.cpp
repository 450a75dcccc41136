#include "access/password.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <set>

#include "access/testing.h"

namespace answerable::access {
namespace {

std::string refusal(std::string_view password) {
  auto status = check_password_rules(password, "zoe.martin@example.com", "Zoe Martin");
  return status ? "" : status.error().code;
}

TEST_CASE("a password has 12 characters at least and 256 bytes at most") {
  CHECK(refusal("tr0ub4dor&3") == "password_too_short");
  CHECK(refusal("tr0ub4dor&3!").empty());
  CHECK(refusal("éàüöñçßøåæœþ").empty());  // 12 characters in 24 bytes
  CHECK(refusal("éàüöñç") == "password_too_short");
  std::string long_one;
  for (int i = 0; long_one.size() < password_bytes_max; ++i) long_one += static_cast<char>('a' + i * 7 % 26);
  CHECK(refusal(long_one).empty());
  CHECK(refusal(long_one + "x") == "password_too_long");
}

TEST_CASE("what everybody guesses first is refused") {
  for (const auto* password :
       {"passwordpassword", "Password12345678", "qwertyuiop1234", "administrator1", "letmeinplease!", "aaaaaaaaaaaa",
        "121212121212", "abcdefghijklm", "123456789012", "answerable2026", "zoe.martin@example.com", "zoe.martin2026!",
        "Zoe Martin 1985", "MotDePasse2026"}) {
    CAPTURE(password);
    CHECK(refusal(password) == "password_too_common");
  }
}

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

TEST_CASE("an unknown address costs a hash, too") {
  using Clock = std::chrono::steady_clock;
  constexpr PasswordCost cost{.memory_bytes = 8U << 20, .passes = 2};
  const auto hash = must(hash_password("correct horse 7 battery", cost));
  const auto timed = [&](std::string_view against) {
    auto best = Clock::duration::max();
    for (int i = 0; i < 3; ++i) {
      const auto start = Clock::now();
      verify_password(against, "something else", cost);
      best = std::min(best, Clock::now() - start);
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
    CHECK(refusal(password).empty());
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
