#include "outbox/hasten.h"

#include "outbox/test_bed.h"

namespace answerable::outbox {
namespace {

TEST_CASE("what waits for another try of a channel is due at once, but for what may still be undone") {
  TestBed bed;
  bed.carrier.script = {{.outcome = Outcome::retry}};
  const auto tried = bed.put();
  CHECK(bed.run() == 1);
  bed.sample.conversation = ConversationId::make(bed.clock);
  bed.sample.delay_ms = 10'000;
  bed.sample.can_undo = true;
  const auto may_be_undone = bed.put();
  const auto hasten = [&](ChannelId channel) {
    CHECK(bed.error_of([&](store::Transaction& tx) { return hasten_channel(tx, bed.sample.workspace, channel); }) ==
          "");
  };
  hasten(ChannelId::make(bed.clock));
  CHECK(bed.run() == 0);
  hasten(bed.sample.channel);
  CHECK(bed.run() == 1);
  CHECK(bed.state(tried) == DeliveryState::sent);
  CHECK(bed.state(may_be_undone) == DeliveryState::queued);
}

}  // namespace
}  // namespace answerable::outbox
