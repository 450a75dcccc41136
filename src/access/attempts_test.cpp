#include "access/attempts.h"

#include <doctest/doctest.h>

#include "access/known_device.h"
#include "access/testing.h"

using namespace answerable;
using namespace answerable::access;

namespace {

struct Gate {
  FakeClock clock;
  Attempts attempts{clock};

  // Until the threshold is reached; returns how many it took.
  int push(Attempt kind, std::string_view source) {
    int count = 0;
    do {
      attempts.note(kind, source);
      ++count;
    } while (attempts.wait_ms(source) == 0);
    return count;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Gate, "every detector lets its attempts pass, then slows down and says so once") {
  for (std::size_t i = 0; i < attempt_kinds; ++i) {
    const auto kind = static_cast<Attempt>(i);
    const auto& by = detector(kind);
    const std::string source(by.name);
    std::optional<Attempts::Raised> raised;
    for (int n = 1; n < static_cast<int>(by.slowed_from); ++n) raised = attempts.note(kind, source);
    CHECK(!raised);
    CHECK(attempts.wait_ms(source) == 0);
    raised = attempts.note(kind, source);
    REQUIRE(raised);
    CHECK(raised->kind == kind);
    CHECK(raised->count == static_cast<std::int64_t>(by.slowed_from));
    CHECK(attempts.wait_ms(source) == Attempts::first_wait_ms);
    CHECK(!attempts.note(kind, source));
  }
}

TEST_CASE_FIXTURE(Gate, "each further attempt doubles the wait, up to five minutes") {
  push(Attempt::guessing, "n");
  std::int64_t before = attempts.wait_ms("n");
  for (int i = 0; i < 8; ++i) {
    attempts.note(Attempt::guessing, "n");
    CHECK(attempts.wait_ms("n") == 2 * before);
    before = attempts.wait_ms("n");
  }
  for (int i = 0; i < 5; ++i) attempts.note(Attempt::guessing, "n");
  CHECK(attempts.wait_ms("n") == Attempts::wait_ms_max);
}

TEST_CASE_FIXTURE(Gate, "one that goes on as soon as it may gets no more attempts than are forgotten") {
  push(Attempt::guessing, "n");
  const auto begun_ms = clock.monotonic_ms();
  int tried = 0;
  while (clock.monotonic_ms() - begun_ms < 24LL * 3'600'000) {
    clock.advance_ms(attempts.wait_ms("n"));
    attempts.note(Attempt::guessing, "n");
    ++tried;
  }
  CHECK(tried < 24 * 60 + 20);
}

TEST_CASE_FIXTURE(Gate, "who stops is free again, and nobody else is slowed down meanwhile") {
  push(Attempt::privilege_probing, "bad");
  CHECK(attempts.wait_ms("good") == 0);
  for (int i = 0; i < 100; ++i) attempts.note(Attempt::privilege_probing, "bad");
  clock.advance_ms(Attempts::wait_ms_max);
  CHECK(attempts.wait_ms("bad") == 0);
  clock.advance_ms(30LL * 60'000);
  CHECK(push(Attempt::privilege_probing, "bad") == 15);
}

TEST_CASE_FIXTURE(Gate, "a mistake now and then is none, for ever") {
  for (int i = 0; i < 10'000; ++i) {
    CHECK(!attempts.note(Attempt::guessing, "person"));
    clock.advance_ms(60'000);
  }
}

TEST_CASE_FIXTURE(Gate, "what is only watched is raised and does not wait; again after an hour") {
  int raised = 0;
  for (int i = 0; i < 1'000; ++i) raised += attempts.note(Attempt::token_misuse, "proxy", false) ? 1 : 0;
  CHECK(raised == 1);
  CHECK(attempts.wait_ms("proxy") == 0);
  clock.advance_ms(Attempts::raised_every_ms - 1);
  for (int i = 0; i < 100; ++i) raised += attempts.note(Attempt::token_misuse, "proxy", false) ? 1 : 0;
  CHECK(raised == 1);
  clock.advance_ms(1);
  CHECK(attempts.note(Attempt::token_misuse, "proxy", false));
}

TEST_CASE_FIXTURE(Gate, "memory is bounded: those that nearly forgot go first, one that waits stays") {
  push(Attempt::guessing, "attacker");
  for (int i = 0; i < 7; ++i) attempts.note(Attempt::guessing, "attacker");
  for (std::size_t i = 0; i < 2 * Attempts::sources_max; ++i) {
    attempts.note(Attempt::forced_browsing, "n" + std::to_string(i));
    if (i % 1'000 == 0) clock.advance_ms(1'000);
  }
  CHECK(attempts.wait_ms("attacker") > 0);
}

TEST_CASE("patience moves the thresholds") {
  FakeClock clock;
  Attempts attempts(clock, 2);
  int count = 0;
  while (!attempts.note(Attempt::cross_workspace, "n")) ++count;
  CHECK(count + 1 == 10);
}

TEST_CASE_FIXTURE(AccessFixture, "a device on which somebody has signed in is known by its token, others are not") {
  CHECK(!must(database->query([](store::Session& session) { return is_device_of_somebody(session, "abc"); })));
  must(database->write([&](store::Transaction& tx) {
    const auto hash = sha256("abc");
    return tx.execute("insert into known_devices (token_hash, user_id, last_used_at) values ($1, $2, $3)",
                      {store::Bytes{as_bytes(hash)}, UserId::make(clock), tx.now()});
  }));
  CHECK(must(database->query([](store::Session& session) { return is_device_of_somebody(session, "abc"); })));
  CHECK(!must(database->query([](store::Session& session) { return is_device_of_somebody(session, ""); })));
}
