#include "outbox/dispatch.h"

#include "outbox/test_bed.h"

using namespace answerable;
using namespace answerable::outbox;
using Bed = TestBed;

TEST_CASE("a message that waited while the clock was put back by a day leaves now, not a day later") {
  Bed bed;
  bed.clock.advance_ms(86'400'000);
  bed.sample.delay_ms = 10'000;
  const auto message = bed.put();
  bed.clock.advance_ms(-86'400'000);
  const auto due = bed.db->query([](store::Session& session) { return next_due(session); }).value();
  CHECK(due == bed.clock.now());
  CHECK(bed.run() == 1);
  CHECK(bed.state(message) == DeliveryState::sent);
  // A wait that we do set is kept.
  bed.sample.delay_ms = longest_wait_ms;
  bed.put();
  CHECK(bed.run() == 0);
}

TEST_CASE(
    "a message whose send could not begin, for the database was away, leaves when it is back and not a lease later") {
  Bed bed;
  const auto message = bed.put();
  auto rename = [&](store::Sql sql) {
    ensure(bed.db->write([&](store::Transaction& tx) { return tx.execute(sql); }).has_value(), "renamed");
  };
  bed.carrier.during_render = [&] { rename("alter table suspensions rename to away"); };
  (void)bed.dispatcher->run_once();
  CHECK(bed.carrier.sent.empty());
  rename("alter table away rename to suspensions");
  bed.carrier.during_render = nullptr;
  CHECK(bed.run() == 1);
  CHECK(bed.state(message) == DeliveryState::sent);
  CHECK(bed.carrier.sent.size() == 1);
}
