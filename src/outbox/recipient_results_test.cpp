#include "outbox/recipient_results.h"

#include "outbox/test_bed.h"

using namespace answerable;
using namespace answerable::outbox;
using Bed = TestBed;

TEST_CASE("results are read back as they were written, whatever is in them") {
  const RecipientResults results{{.address = "ann@example.org", .has_it = true, .detail = "250 ok"},
                                 {.address = "\"b\tc\"@example.org", .has_it = false, .detail = "550 no\r\n+\tx\ty"}};
  const auto read = decode_recipients(encode_recipients(results));
  REQUIRE(read.size() == 2);
  CHECK(read[0].address == "ann@example.org");
  CHECK(read[0].has_it);
  CHECK(read[0].detail == "250 ok");
  CHECK(read[1].address == "\"b c\"@example.org");
  CHECK_FALSE(read[1].has_it);
  CHECK(read[1].detail == "550 no + x y");
  CHECK(encode_recipients({}).empty());
  CHECK(decode_recipients("nonsense\n+\tno end\n\n-\ta\tb").size() == 1);
}

TEST_CASE("the first word on an address stands, but that somebody has the mail outweighs all") {
  RecipientResults known{{.address = "ann", .has_it = false, .detail = "550 first"}};
  CHECK_FALSE(has_anybody(known));
  add_results(known, {{.address = "ann", .has_it = false, .detail = "550 second"}, {.address = "ben", .has_it = true}});
  CHECK(known.size() == 2);
  CHECK(known[0].detail == "550 first");
  CHECK(has_anybody(known));
  add_results(known, {{.address = "ann", .has_it = true, .detail = "250"}, {.address = "ben", .has_it = false}});
  CHECK(known[0].has_it);
  CHECK(known[1].has_it);
}

TEST_CASE("who has it gets it no more, who cannot have it is on record, and one of several is enough to be sent") {
  Bed bed;
  bed.carrier.script = {
      {.outcome = Outcome::retry,
       .detail = "450 later",
       .recipients = {{.address = "ann", .has_it = true}, {.address = "ben", .detail = "550 no"}}},
      {.outcome = Outcome::failed, .detail = "550 never", .recipients = {{.address = "cleo", .detail = "550 never"}}}};
  auto message = bed.put();
  CHECK(bed.run() == 1);
  CHECK(bed.state(message) == DeliveryState::queued);
  bed.clock.advance_ms(36'000);
  CHECK(bed.run() == 1);
  CHECK(bed.state(message) == DeliveryState::sent);
  REQUIRE(bed.carrier.sent.size() == 2);
  CHECK(bed.carrier.sent[0].recipients.empty());
  CHECK(encode_recipients(bed.carrier.sent[1].recipients) == "+\tann\t\n-\tben\t550 no\n");
  CHECK(bed.count("select count(*) from deliveries where recipient_results like '%cleo%'") == 1);
}

TEST_CASE("what has failed for all is tried again for all, and not for those who have it") {
  Bed bed;
  bed.carrier.script = {
      {.outcome = Outcome::failed,
       .detail = "550 no",
       .recipients = {{.address = "ann", .detail = "550 no"}, {.address = "ben", .detail = "550 no"}}}};
  auto message = bed.put();
  CHECK(bed.run() == 1);
  CHECK(bed.state(message) == DeliveryState::failed);
  CHECK(bed.error_of([&](store::Transaction& tx) -> Status {
    TRY(auto id, load_delivery_of(tx, bed.sample.workspace, message));
    return retry(tx, bed.administrator, id);
  }) == "");
  CHECK(bed.run() == 1);
  CHECK(bed.carrier.sent.back().recipients.empty());
  CHECK(bed.state(message) == DeliveryState::sent);
}
