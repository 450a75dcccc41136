#include <doctest/doctest.h>

#include "cluster/lease.h"
#include "cluster/membership.h"
#include "intake/mail_fixture.h"
#include "intake/spool.h"

namespace answerable::intake {
namespace {

TEST_CASE("what a dead node has left is taken over, what a living one has is left to it") {
  Fixture test;
  auto put = [&](std::string_view text, std::string_view node) {
    const auto id = SpoolId::make(test.clock);
    REQUIRE(test.database->write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(store_arrival(tx, id, test.mail("a@example.com|" + std::string(text) + "@x||hello"), {}, node));
      return {};
    }));
    return id;
  };
  put("dead", "dead");
  put("alive", "alive");
  put("nobody", "");
  REQUIRE(test.database->write([&](store::Transaction& tx) {
    return cluster::claim_lease(tx, "node/alive", "alive", cluster::Membership::lease_ms);
  }));
  auto second = test.make({}, "second");
  second->normalise_with("email", understand);
  auto left = [&](std::string_view node) {
    return test.count("select count(*) from spool_pending where node = $1", {node});
  };
  SUBCASE("by one that starts") { REQUIRE(second->start()); }
  SUBCASE("by one that runs") {
    REQUIRE(test.database->write([](store::Transaction& tx) -> Status {
      TRY_STATUS(tx.execute("update spool_pending set node = 'alive'"));
      return {};
    }));
    REQUIRE(second->start());
    REQUIRE(test.database->write([](store::Transaction& tx) -> Status {
      TRY_STATUS(
          tx.execute("update spool_pending set node = 'dead' where spool_id in "
                     "(select spool_id from spool_pending order by spool_id limit 2)"));
      return {};
    }));
    REQUIRE(second->take_over());
  }
  second->wait_until_idle();
  CHECK(test.messages() == 2);
  CHECK(left("alive") == 1);
  test.clock.advance_ms(cluster::Membership::lease_ms);
  REQUIRE(second->take_over());
  second->wait_until_idle();
  CHECK(test.messages() == 3);
  CHECK(test.count("select count(*) from spool_pending") == 0);
}

TEST_CASE("of arrivals at whose reading a dead node ended, one is taken over at a time") {
  Fixture test;
  REQUIRE(test.database->write([&](store::Transaction& tx) -> Status {
    for (const std::string name : {"one", "two"}) {
      const auto id = SpoolId::make(test.clock);
      TRY_STATUS(store_arrival(tx, id, test.mail("a@example.com|" + name + "@x||hello"), {}, "dead"));
      TRY_STATUS(note_tries(tx, test.workspace, id, 1));
    }
    return {};
  }));
  auto take = [&] {
    return test.database->write([](store::Transaction& tx) { return take_up_abandoned(tx, "second"); })->size();
  };
  CHECK(take() == 1);
  CHECK(take() == 0);
  CHECK(test.count("select count(*) from spool_pending where node = 'dead'") == 1);
}

}  // namespace
}  // namespace answerable::intake
