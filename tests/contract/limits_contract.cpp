// Limits on both engines: what a measure leaves of sending, storage by many at once, and how traffic is kept.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "access/schema.h"
#include "access/testing.h"
#include "app/traffic_watch.h"
#include "audit/ledger.h"
#include "cluster/event_log.h"
#include "contract/engines.h"
#include "outbox/schema.h"
#include "policy/allowance.h"
#include "policy/entitlement.h"
#include "policy/traffic.h"
#include "policy/violation.h"

using namespace answerable;
using access::must;

namespace {

#define ANSWERABLE_LIMITS_SCHEMAS \
  {cluster::schema(), audit::schema(), access::schema(), policy::schema(), outbox::schema()}

template <class F>
auto write(contract::Bed& bed, F&& job) {
  return must(bed.db().write(std::forward<F>(job)));
}

WorkspaceId open_shop(contract::Bed& bed) {
  return write(bed, [](store::Transaction& tx) -> Result<WorkspaceId> {
    TRY_STATUS(policy::publish_default(tx));
    TRY(const auto made, access::create_workspace(tx, access::system_actor({}), "Shop"));
    TRY_STATUS(policy::save_agreement(
        tx, access::system_actor({}),
        {.workspace = made.id,
         .signed_at = tx.now(),
         .signatory = "Ada",
         .entitlements = {.seats = {}, .channels = {}, .messages = {}, .storage_megabytes = 1, .connections = 7},
         .notices = {"a@shop.example", "", ""},
         .terms = {{"fair_load", "ladder", "1 limit sending"}, {"fair_load", "limited_per_minute", "5"}},
         .accepted_version = {},
         .accepted_at = {}}));
    return made.id;
  });
}

// How many of so many acts by four threads at once succeed.
template <class Act>
int succeeded(contract::Bed& bed, int each, Act&& act) {
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < each; ++n) done += bed.db().write(act).has_value() ? 1 : 0;
    });
  for (auto& thread : threads) thread.join();
  return done;
}

}  // namespace

TEST_CASE("a limit and a quota hold exactly, however many ask at once, on both engines") {
  contract::on_each_engine(ANSWERABLE_LIMITS_SCHEMAS, [](contract::Bed& bed) {
    const auto shop = open_shop(bed);
    CHECK(succeeded(bed, 5, [&](store::Transaction& tx) { return policy::judge_file(tx, shop, 100'000); }) == 10);
    const auto measure = write(bed, [&](store::Transaction& tx) {
      return policy::report_violation(tx, access::system_actor(shop),
                                      {.workspace = shop,
                                       .clause = "fair_load",
                                       .control = std::string(policy::traffic_control),
                                       .object_kind = "channel",
                                       .object_id = "c",
                                       .facts = "Much."});
    });
    CHECK(measure.kind == policy::MeasureKind::limit);
    CHECK(succeeded(bed, 3, [&](store::Transaction& tx) { return policy::judge_message(tx, shop); }) == 5);
    write(bed, [&](store::Transaction& tx) -> Result<int> {
      TRY(const auto allowance, policy::find_allowance(tx, shop));
      CHECK(allowance.connections == 7);
      CHECK_FALSE(allowance.programs.has_value());
      TRY_STATUS(policy::count_stored(tx, shop, -400'000));
      TRY(const auto used, policy::usage(tx, shop));
      CHECK(used.storage_bytes == 600'000);
      TRY(const auto standing, policy::standing_of(tx, policy::traffic_control));
      REQUIRE(standing.size() == 1);
      CHECK(standing[0].object_id == "c");
      TRY_STATUS(policy::end_measure(tx, access::system_actor(shop), shop, measure.id, "cured"));
      TRY(const auto after, policy::standing_of(tx, policy::traffic_control));
      CHECK(after.empty());
      return 0;
    });
  });
}

TEST_CASE("counts of traffic add up, baselines replace each other, and what is old goes, on both engines") {
  contract::on_each_engine(ANSWERABLE_LIMITS_SCHEMAS, [](contract::Bed& bed) {
    const policy::TrafficKey key{
        .workspace = WorkspaceId::make(bed.clock), .channel = ChannelId::make(bed.clock), .way = policy::Way::outbound};
    write(bed, [&](store::Transaction& tx) -> Result<int> {
      for (const std::int64_t minute : {10, 11, 11})
        TRY_STATUS(policy::count_traffic(tx, {.key = key, .minute = minute, .messages = 2}));
      TRY(const auto counts, policy::traffic_between(tx, 11, 20));
      REQUIRE(counts.size() == 1);
      CHECK(counts[0].messages == 4);
      CHECK(counts[0].key == key);
      TRY_STATUS(policy::forget_traffic(tx, 11));
      TRY(const auto left, policy::traffic_between(tx, 0, 20));
      CHECK(left.size() == 1);
      for (const auto* state : {"one", "two"}) TRY_STATUS(policy::save_baseline(tx, {.key = key, .state = state}));
      TRY(const auto saved, policy::saved_baselines(tx));
      REQUIRE(saved.size() == 1);
      CHECK(saved[0].state == "two");
      TRY(const auto signal, app::find_second_signal(tx, key.workspace));
      CHECK(signal.overdue == 0);
      CHECK(signal.settled == 0);
      return 0;
    });
    policy::Scratch scratch{.database = bed.db(), .clock = bed.clock};
    const auto status = app::test_unusual_traffic(scratch);
    CHECK_MESSAGE(status.has_value(), (status ? std::string() : status.error().code + status.error().detail));
  });
}
