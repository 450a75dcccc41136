// An outbox on a temporary database, with a carrier that does as it is told; for the tests of this folder.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "access/schema.h"
#include "audit/ledger.h"
#include "cluster/event_log.h"
#include "outbox/attempt.h"
#include "outbox/deliveries.h"
#include "outbox/dispatch.h"
#include "outbox/schema.h"
#include "outbox/settle.h"
#include "outbox/testing.h"
#include "policy/suspend.h"
#include "store/blobs.h"
#include "store/error_of_test.h"
#include "store/testing.h"

namespace answerable::outbox {

struct TestBed {
  FakeClock clock;
  Metrics metrics;
  store::TemporaryDatabase db = store::open_temporary(
      clock, metrics, {cluster::schema(), audit::schema(), access::schema(), policy::schema(), schema()});
  store::TemporaryFolder folder;
  std::unique_ptr<store::Blobs> blobs = store::open_blobs(folder.path() + "/blobs", std::string(32, 'k')).value();
  ScriptedCarrier carrier;
  bool has_carrier = true;
  std::unique_ptr<Dispatcher> dispatcher =
      Dispatcher::make(*db, *blobs, [this](WorkspaceId, ChannelId) { return has_carrier ? &carrier : nullptr; },
                       metrics, {.record_again_ms = 1});
  Sample sample{.workspace = WorkspaceId::make(clock),
                .channel = ChannelId::make(clock),
                .conversation = ConversationId::make(clock)};
  access::Actor administrator = [this] {
    access::Actor actor;
    actor.kind = access::Actor::Kind::user;
    actor.workspace = sample.workspace;
    actor.role = access::Role::administrator;
    actor.user = UserId::make(clock);
    return actor;
  }();

  MessageId put() { return enqueue_sample(*db, sample); }
  int run() { return dispatcher->run_once().value(); }
  DeliverySummary summary(MessageId message) {
    return db
        ->query([&](store::Session& session) -> Result<DeliverySummary> {
          TRY(auto id, load_delivery_of(session, sample.workspace, message));
          TRY(auto found, find_delivery(session, sample.workspace, id));
          return *found;
        })
        .value();
  }
  DeliveryState state(MessageId message) { return summary(message).state; }
  template <class F>
  std::string error_of(F&& job) {
    return store::error_of(*db, std::forward<F>(job));
  }
  void suspend() {
    CHECK(error_of([&](store::Transaction& tx) {
            return policy::suspend(tx, administrator,
                                   {.workspace = sample.workspace, .cause = "test", .reason = "A test."});
          }) == "");
  }
  void lift() {
    CHECK(error_of([&](store::Transaction& tx) {
            return policy::lift(tx, administrator, sample.workspace, policy::Scope::sending);
          }) == "");
  }
  std::int64_t count(store::Sql sql) {
    return db->query([&](store::Session& session) { return session.number(sql); }).value();
  }
  std::vector<Claimed> claim(std::string_view holder = "node-1") {
    return db->write([&](store::Transaction& tx) { return claim_due(tx, holder, 10); }).value();
  }
  bool begin(const Claimed& claimed) {
    Rendered rendered{.bytes = "the bytes", .external_id = "id@test"};
    return db
        ->write([&](store::Transaction& tx) {
          return begin_attempt(tx, {.delivery = claimed.delivery.id,
                                    .workspace = sample.workspace,
                                    .fence = claimed.delivery.fence,
                                    .rendered = &rendered});
        })
        .value();
  }
};

}  // namespace answerable::outbox
