// How often an address is told automatically that its message is here, on both engines.
#include <doctest/doctest.h>

#include "contract/engines.h"
#include "intake/acknowledgement.h"
#include "intake/schema.h"

using namespace answerable;

namespace {

struct Claims {
  contract::Bed& bed;
  WorkspaceId workspace = WorkspaceId::make(bed.clock);
  ChannelId channel = ChannelId::make(bed.clock);

  bool claim(std::string_view address) { return claim(address, channel); }
  bool claim(std::string_view address, ChannelId of) {
    return bed.db()
        .write([&](store::Transaction& tx) { return intake::claim_acknowledgement(tx, workspace, of, address); })
        .value();
  }
  std::int64_t collect(int limit) {
    return bed.db()
        .write([&](store::Transaction& tx) { return intake::delete_old_acknowledgements(tx, limit); })
        .value();
  }
};

}  // namespace

TEST_CASE("an address of a channel is told once within a day, to the millisecond, on both engines") {
  contract::on_each_engine({intake::schema()}, [](contract::Bed& bed) {
    Claims claims{bed};
    CHECK(claims.claim("sami@example.org"));
    CHECK_FALSE(claims.claim("sami@example.org"));
    CHECK(claims.claim("rosa@example.org"));
    CHECK(claims.claim("sami@example.org", ChannelId::make(bed.clock)));
    bed.clock.advance_ms(intake::acknowledgement_pause_ms - 1);
    CHECK_FALSE(claims.claim("sami@example.org"));
    bed.clock.advance_ms(1);
    CHECK(claims.claim("sami@example.org"));
    CHECK_FALSE(claims.claim("sami@example.org"));
  });
}

TEST_CASE("a channel tells at most so many within an hour, on both engines") {
  contract::on_each_engine({intake::schema()}, [](contract::Bed& bed) {
    Claims claims{bed};
    for (std::int64_t i = 0; i < intake::acknowledgements_hour_max; ++i)
      CHECK(claims.claim(std::to_string(i) + "@example.org"));
    CHECK_FALSE(claims.claim("late@example.org"));
    CHECK(claims.claim("late@example.org", ChannelId::make(bed.clock)));
    bed.clock.advance_ms(3'600'000 - 1);
    CHECK_FALSE(claims.claim("late@example.org"));
    bed.clock.advance_ms(1);
    CHECK(claims.claim("late@example.org"));
  });
}

TEST_CASE("claims that have had their day are collected in batches, and no younger one, on both engines") {
  contract::on_each_engine({intake::schema()}, [](contract::Bed& bed) {
    Claims claims{bed};
    for (const std::string address : {"a@example.org", "b@example.org", "c@example.org"}) CHECK(claims.claim(address));
    bed.clock.advance_ms(1);
    CHECK(claims.claim("d@example.org"));
    bed.clock.advance_ms(intake::acknowledgement_pause_ms - 1);
    CHECK(claims.collect(2) == 2);
    CHECK(claims.collect(2) == 1);
    CHECK(claims.collect(2) == 0);
    CHECK_FALSE(claims.claim("d@example.org"));
  });
}
