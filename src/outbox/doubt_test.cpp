#include "outbox/doubt.h"

#include "outbox/test_bed.h"

using namespace answerable;
using namespace answerable::outbox;
using Bed = TestBed;

namespace {

std::int64_t doubt(Bed& bed, const LeavesUs& leaves_us) {
  return bed.db->write([&](store::Transaction& tx) { return doubt_waiting(tx, bed.sample.workspace, leaves_us); })
      .value();
}
bool everything_leaves(WorkspaceId, ChannelId) { return true; }

}  // namespace

TEST_CASE("after a restore nothing that waited is sent again, until a person says so") {
  Bed bed;
  const auto sent = bed.put();
  bed.run();
  const auto queued = bed.put();
  bed.sample.conversation = ConversationId::make(bed.clock);
  bed.sample.delay_ms = 10'000;
  const auto undoable = bed.put();
  const auto entries = bed.count("select count(*) from ledger_entries");
  CHECK(doubt(bed, everything_leaves) == 2);
  CHECK(bed.count("select count(*) from ledger_entries") == entries + 2);
  bed.clock.advance_ms(60'000);
  CHECK(bed.run() == 0);
  CHECK(bed.carrier.sent.size() == 1);
  CHECK(bed.state(sent) == DeliveryState::sent);
  for (const auto message : {queued, undoable}) {
    CHECK(bed.state(message) == DeliveryState::unknown);
    CHECK(bed.summary(message).attempt_log.back().result == "unknown");
  }
  CHECK(doubt(bed, everything_leaves) == 0);
  REQUIRE(bed.error_of([&](store::Transaction& tx) { return retry(tx, bed.administrator, bed.summary(queued).id); }) ==
          "");
  CHECK(bed.run() == 1);
  CHECK(bed.state(queued) == DeliveryState::sent);
}

TEST_CASE("after a restore what was being sent, or held by a suspension, is in doubt too") {
  Bed bed;
  const auto sending = bed.put();
  REQUIRE(bed.claim().size() == 1);
  bed.sample.conversation = ConversationId::make(bed.clock);
  const auto held = bed.put();
  bed.suspend();
  bed.run();
  REQUIRE(bed.state(held) == DeliveryState::held);
  CHECK(doubt(bed, everything_leaves) == 2);
  bed.lift();
  bed.clock.advance_ms(lease_ms + 1);
  CHECK(bed.run() == 0);
  CHECK(bed.state(sending) == DeliveryState::unknown);
  CHECK(bed.state(held) == DeliveryState::unknown);
}

TEST_CASE("after a restore a chat's line is written: its transcript was restored with it") {
  Bed bed;
  const auto line = bed.put();
  CHECK(doubt(bed, [](WorkspaceId, ChannelId) { return false; }) == 0);
  CHECK(bed.run() == 1);
  CHECK(bed.state(line) == DeliveryState::sent);
}

TEST_CASE("after a restore what waits for a reviewer goes on waiting: trying it again would go round the review") {
  Bed bed;
  const auto message = bed.put();
  REQUIRE(
      bed.db->write([](store::Transaction& tx) { return tx.execute("update deliveries set state = 2, review = 1"); }));
  CHECK(doubt(bed, everything_leaves) == 0);
  CHECK(bed.state(message) == DeliveryState::held);
}
