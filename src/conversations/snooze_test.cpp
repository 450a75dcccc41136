#include "conversations/snooze.h"

#include <doctest/doctest.h>

#include "conversations/list.h"
#include "conversations/testing.h"

using namespace answerable;
using namespace answerable::conversations;

TEST_CASE_FIXTURE(CompanyBed, "a snoozed conversation wakes when its time has come, not before") {
  const auto id = company.receive().conversation;
  const auto until = clock.now() + 60'000;
  auto snooze_until = [&](Time time) {
    return company.error_of([&](store::Transaction& tx) { return snooze(tx, company.alice, id, time); });
  };
  auto status = [&] {
    return company.read([&](store::Session& session) { return load_item(session, company.workspace, id); }).status;
  };
  auto wake = [&] { return company.write([](store::Transaction& tx) { return wake_snoozed(tx, 100); }); };
  CHECK(snooze_until(until) == "");
  CHECK(company.read([](store::Session& session) { return next_wake(session); }) == until);
  clock.advance_ms(59'999);
  CHECK(wake() == 0);
  CHECK(status() == ConversationStatus::snoozed);
  clock.advance_ms(1);
  CHECK(wake() == 1);
  CHECK(wake() == 0);
  CHECK(status() == ConversationStatus::open);
}

TEST_CASE_FIXTURE(CompanyBed, "a snooze ends in the future, at most a year ahead") {
  const auto id = company.receive().conversation;
  auto snooze_until = [&](Time time) {
    return company.error_of([&](store::Transaction& tx) { return snooze(tx, company.alice, id, time); });
  };
  CHECK(snooze_until(clock.now()) == "bad_snooze");
  CHECK(snooze_until(clock.now() + snooze_max_ms + 1) == "bad_snooze");
  CHECK(snooze_until(clock.now() + snooze_max_ms) == "");
}
