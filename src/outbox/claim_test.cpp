#include "outbox/review.h"
#include "outbox/test_bed.h"

namespace answerable::outbox {
namespace {

// A delivery that waits for its second try, and others of its conversation behind it.
struct Queue : TestBed {
  explicit Queue(int behind = 2) {
    carrier.script = {{.outcome = Outcome::retry}};
    first = put();
    for (int i = 0; i < behind; ++i) {
      ++sample.sequence;
      next.push_back(put());
    }
    CHECK(run() == 1);
  }
  std::int64_t due() {
    return db
        ->query([](store::Session& session) {
          return session.number("select count(*) from deliveries where state = 0 and next_attempt_at <= $1",
                                {session.now()});
        })
        .value();
  }

  MessageId first;
  std::vector<MessageId> next;
};

TEST_CASE("what stands behind another of its conversation is not looked at with each claim") {
  Queue queue(200);
  for (int i = 0; i < 3; ++i) CHECK(queue.run() == 0);
  CHECK(queue.due() == 0);
  CHECK(queue.carrier.sent.size() == 1);
  queue.clock.advance_ms(36'000);  // the second try
  CHECK(queue.run() == 201);
  REQUIRE(queue.carrier.sent.size() == 202);
  CHECK(queue.carrier.sent[1].message.message == queue.first);
  for (std::size_t i = 0; i < queue.next.size(); ++i) CHECK(queue.carrier.sent[i + 2].message.message == queue.next[i]);
}

TEST_CASE("others leave at once, however many stand behind one that waits") {
  Queue queue(200);
  queue.sample.conversation = ConversationId::make(queue.clock);
  auto other = queue.put();
  for (int i = 0; i < 3; ++i) queue.run();
  CHECK(queue.state(other) == DeliveryState::sent);
}

TEST_CASE("the next is due as soon as the one before it has been taken down, and keeps the time to undo it") {
  Queue queue;
  CHECK(queue.due() == 0);
  queue.sample.delay_ms = 10'000;
  queue.sample.can_undo = true;
  ++queue.sample.sequence;
  auto last = queue.put();
  auto stop = [&](MessageId message) {
    CHECK(queue.error_of([&](store::Transaction& tx) { return stop_delivery(tx, queue.sample.workspace, message); }) ==
          "");
  };
  stop(queue.first);
  CHECK(queue.run() == 2);
  CHECK(queue.state(queue.next[1]) == DeliveryState::sent);
  CHECK(queue.state(last) == DeliveryState::queued);
  queue.clock.advance_ms(10'000);
  CHECK(queue.run() == 1);
}

TEST_CASE("the next is due as soon as the one before it is given back by its author") {
  TestBed bed;
  bed.sample.delay_ms = 10'000;
  bed.sample.can_undo = true;
  auto first = bed.put();
  bed.sample.delay_ms = 0;
  bed.sample.can_undo = false;
  ++bed.sample.sequence;
  auto second = bed.put();
  CHECK(bed.run() == 0);
  CHECK(bed.error_of([&](store::Transaction& tx) { return cancel(tx, bed.administrator, first); }) == "");
  CHECK(bed.run() == 1);
  CHECK(bed.state(second) == DeliveryState::sent);
}

TEST_CASE("one that was tried keeps its back-off when the one before it ends") {
  Queue queue(0);
  queue.clock.advance_ms(1'000);
  queue.sample.sequence = 0;  // as after two conversations became one
  auto before = queue.put();
  CHECK(queue.run() == 1);
  CHECK(queue.state(before) == DeliveryState::sent);
  CHECK(queue.state(queue.first) == DeliveryState::queued);
  queue.clock.advance_ms(36'000);
  CHECK(queue.run() == 1);
  CHECK(queue.state(queue.first) == DeliveryState::sent);
}

TEST_CASE("a message that waited while the clock was put back by a day leaves now, not a day later") {
  TestBed bed;
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
  TestBed bed;
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

}  // namespace
}  // namespace answerable::outbox
