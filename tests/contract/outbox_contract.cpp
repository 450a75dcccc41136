// The outbox on both engines, and two nodes that share one.
#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "access/schema.h"
#include "audit/ledger.h"
#include "cluster/event_log.h"
#include "contract/engines.h"
#include "outbox/attempt.h"
#include "outbox/deliveries.h"
#include "outbox/dispatch.h"
#include "outbox/schema.h"
#include "outbox/settle.h"
#include "outbox/testing.h"
#include "policy/suspend.h"
#include "store/blobs.h"

using namespace answerable;
using namespace answerable::outbox;

namespace {

#define ANSWERABLE_OUTBOX_SCHEMAS {cluster::schema(), audit::schema(), access::schema(), policy::schema(), schema()}

struct Outbox {
  explicit Outbox(contract::Bed& of) : bed(of) {}
  contract::Bed& bed;
  store::TemporaryFolder folder;
  std::unique_ptr<store::Blobs> blobs = store::open_blobs(folder.path() + "/blobs", std::string(32, 'k')).value();
  ScriptedCarrier carrier;
  std::unique_ptr<Dispatcher> dispatcher =
      Dispatcher::make(bed.db(), *blobs, [this](WorkspaceId, ChannelId) { return &carrier; }, bed.metrics);
  Sample sample{.workspace = WorkspaceId::make(bed.clock),
                .channel = ChannelId::make(bed.clock),
                .conversation = ConversationId::make(bed.clock)};
  access::Actor administrator = [this] {
    access::Actor actor;
    actor.kind = access::Actor::Kind::user;
    actor.workspace = sample.workspace;
    actor.role = access::Role::administrator;
    return actor;
  }();

  MessageId put() { return enqueue_sample(bed.db(), sample); }
  int run() { return dispatcher->run_once().value(); }
  DeliverySummary summary(MessageId message) {
    return bed.db()
        .query([&](store::Session& session) -> Result<DeliverySummary> {
          TRY(auto id, load_delivery_of(session, sample.workspace, message));
          TRY(auto found, find_delivery(session, sample.workspace, id));
          return *found;
        })
        .value();
  }
  template <class F>
  void act(F&& job) {
    auto done = bed.db().write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(job(tx));
      return 0;
    });
    CHECK_MESSAGE(done.has_value(), done.error().code);
  }
};

}  // namespace

TEST_CASE("a delivery is retried, bounces, is retried by hand and arrives on both engines") {
  contract::on_each_engine(ANSWERABLE_OUTBOX_SCHEMAS, [](contract::Bed& bed) {
    Outbox outbox(bed);
    outbox.carrier.script = {{.outcome = Outcome::retry, .detail = "451"}};
    auto message = outbox.put();
    outbox.sample.sequence = 2;
    outbox.put();
    CHECK(outbox.run() == 1);
    bed.clock.advance_ms(36'000);
    CHECK(outbox.run() == 2);
    CHECK(outbox.summary(message).attempt_log.size() == 2);
    outbox.act([&](store::Transaction& tx) { return record_bounce(tx, outbox.sample.workspace, message, "full"); });
    CHECK(outbox.summary(message).state == DeliveryState::failed);
    auto id = outbox.summary(message).id;
    outbox.act([&](store::Transaction& tx) { return retry(tx, outbox.administrator, id); });
    CHECK(outbox.run() == 1);
    outbox.act([&](store::Transaction& tx) { return record_seen(tx, outbox.sample.workspace, message); });
    CHECK(outbox.summary(message).state == DeliveryState::delivered);
    auto seen_at = bed.db().query([&](store::Session& session) {
      return session.number("select seen_at from deliveries where workspace_id = $1 and message_id = $2",
                            {outbox.sample.workspace, message});
    });
    CHECK(seen_at == bed.clock.now().ms);
    auto sent = bed.db().query(
        [&](store::Session& session) { return find_sent(session, outbox.sample.workspace, message.text() + "@test"); });
    REQUIRE(sent.value());
    auto figures =
        bed.db().query([&](store::Session& session) { return figures_by_channel(session, outbox.sample.workspace); });
    CHECK(figures.value().empty());
    auto page = bed.db().query([&](store::Session& session) {
      return list_deliveries(session, outbox.sample.workspace, DeliveryState::delivered, std::nullopt, 10);
    });
    CHECK(page.value().total == 1);
  });
}

TEST_CASE("suspension holds and releases in order, and a crash is an ambiguous attempt, on both engines") {
  contract::on_each_engine(ANSWERABLE_OUTBOX_SCHEMAS, [](contract::Bed& bed) {
    Outbox outbox(bed);
    auto message = outbox.put();
    outbox.act([&](store::Transaction& tx) {
      return policy::suspend(tx, outbox.administrator,
                             {.workspace = outbox.sample.workspace, .cause = "test", .reason = "A test."});
    });
    CHECK(outbox.run() == 0);
    CHECK(outbox.summary(message).state == DeliveryState::held);
    auto unsettled =
        bed.db().query([&](store::Session& session) { return count_unsettled(session, outbox.sample.workspace); });
    CHECK(unsettled.value() == std::map<DeliveryState, std::int64_t>{{DeliveryState::held, 1}});
    outbox.act([&](store::Transaction& tx) {
      return policy::lift(tx, outbox.administrator, outbox.sample.workspace, policy::Scope::sending);
    });
    auto claimed = bed.db().write([](store::Transaction& tx) { return claim_due(tx, "dies", 1); }).value();
    REQUIRE(claimed.size() == 1);
    Rendered rendered{.bytes = std::string("\0\xff", 2), .external_id = "id@test"};
    auto begun = bed.db().write([&](store::Transaction& tx) {
      return begin_attempt(tx, {.delivery = claimed[0].delivery.id,
                                .workspace = outbox.sample.workspace,
                                .fence = claimed[0].delivery.fence,
                                .rendered = &rendered});
    });
    CHECK(begun.value());
    bed.clock.advance_ms(lease_ms);
    CHECK(outbox.run() == 1);
    CHECK(outbox.carrier.sent.at(0).rendered == rendered.bytes);
    CHECK(outbox.summary(message).attempt_log.at(0).result == "unknown");
    CHECK(outbox.summary(message).state == DeliveryState::sent);
  });
}

TEST_CASE("two nodes that share an outbox send each message once") {
  contract::on_postgres(ANSWERABLE_OUTBOX_SCHEMAS, [](contract::Bed& bed) {
    Outbox outbox(bed);
    std::set<MessageId> put;
    for (int i = 0; i < 30; ++i) {
      outbox.sample.conversation = ConversationId::make(bed.clock);
      put.insert(outbox.put());
    }
    auto database = bed.another_node();
    auto other = Dispatcher::make(*database, *outbox.blobs, [&](WorkspaceId, ChannelId) { return &outbox.carrier; },
                                  bed.metrics, {.node = "node-2"});
    std::thread second([&] { CHECK(other->run_once()); });
    CHECK(outbox.dispatcher->run_once());
    second.join();
    std::set<MessageId> sent;
    for (const auto& delivery : outbox.carrier.sent) sent.insert(delivery.message.message);
    CHECK(outbox.carrier.sent.size() == 30);
    CHECK(sent == put);
  });
}
