#include <chrono>
#include <condition_variable>
#include <mutex>

#include "outbox/places.h"
#include "outbox/test_bed.h"

using namespace answerable;
using namespace answerable::outbox;
using Bed = TestBed;

TEST_CASE("a queued message is cancelled before its undo window ends, and never after") {
  Bed bed;
  bed.sample.delay_ms = 10'000;
  bed.sample.can_undo = true;
  auto message = bed.put();
  auto late = bed.put();
  auto cancel_it = [&](MessageId id) {
    return bed.error_of([&](store::Transaction& tx) { return cancel(tx, bed.administrator, id); });
  };
  CHECK(cancel_it(message) == "");
  CHECK(cancel_it(message) == "too_late");
  bed.clock.advance_ms(10'000);
  CHECK(cancel_it(late) == "too_late");
  CHECK(cancel_it(MessageId::make(bed.clock)) == "no_delivery");
  CHECK(bed.run() == 1);
  CHECK(bed.state(message) == DeliveryState::cancelled);
}

TEST_CASE("a bounce fails what was sent, once, and that it was seen late does not change that") {
  Bed bed;
  auto message = bed.put();
  bed.run();
  auto bounce = [&] {
    return bed.error_of(
        [&](store::Transaction& tx) { return record_bounce(tx, bed.sample.workspace, message, "mailbox full"); });
  };
  CHECK(bounce() == "");
  auto entries = bed.count("select count(*) from ledger_entries");
  CHECK(bounce() == "");
  CHECK(bed.count("select count(*) from ledger_entries") == entries);
  CHECK(bed.error_of([&](store::Transaction& tx) { return record_seen(tx, bed.sample.workspace, message); }) == "");
  CHECK(bed.state(message) == DeliveryState::failed);
  auto sent = bed.db->query(
      [&](store::Session& session) { return find_sent(session, bed.sample.workspace, message.text() + "@test"); });
  REQUIRE(sent.value());
  CHECK((*sent)->message == message);
}

TEST_CASE("a report names whom the mail went to in any spelling, and nobody else") {
  Bed bed;
  bed.sample.to = {"ann@bücher.example", "Ben@example.org"};
  auto message = bed.put();
  bed.run();
  auto bounce = [&](const RecipientResults& returned) {
    return bed.error_of([&](store::Transaction& tx) {
      return record_bounce(tx, bed.sample.workspace, message, "mailbox full", returned);
    });
  };
  const RecipientResults ann{{.address = "ann@xn--bcher-kva.example", .detail = "full"},
                             {.address = "ann@bücher.example", .detail = "full"}};
  CHECK(bounce(ann) == "");
  CHECK(bed.state(message) == DeliveryState::sent);
  CHECK(bed.count("select count(*) from deliveries where recipient_results like '%xn--%'") == 0);
  CHECK(bounce({{.address = "ben@EXAMPLE.org", .detail = "no such user"}}) == "");
  CHECK(bed.state(message) == DeliveryState::failed);
}

TEST_CASE("the administrator's list pages through one state, newest first, with its total") {
  Bed bed;
  std::vector<MessageId> put;
  for (int i = 0; i < 7; ++i) {
    bed.sample.conversation = ConversationId::make(bed.clock);
    put.push_back(bed.put());
  }
  std::vector<MessageId> seen;
  std::optional<DeliveryId> cursor;
  do {
    auto page = bed.db
                    ->query([&](store::Session& session) {
                      return list_deliveries(session, bed.sample.workspace, DeliveryState::queued, cursor, 3);
                    })
                    .value();
    CHECK(page.total == 7);
    for (const auto& item : page.items) seen.push_back(item.message);
    cursor = page.next;
  } while (cursor);
  CHECK(seen == std::vector<MessageId>(put.rbegin(), put.rend()));
  auto figures =
      bed.db->query([&](store::Session& session) { return figures_by_channel(session, bed.sample.workspace); }).value();
  CHECK(figures[bed.sample.channel].pending == 7);
}

TEST_CASE("deliveries that go on or ask for somebody are counted by state, and what left is not") {
  Bed bed;
  std::vector<MessageId> put;
  for (int i = 0; i < 3; ++i) {
    bed.sample.conversation = ConversationId::make(bed.clock);
    put.push_back(bed.put());
  }
  const auto set = [&](MessageId message, int state) {
    CHECK(bed.error_of([&](store::Transaction& tx) -> Status {
      TRY_STATUS(tx.execute("update deliveries set state = $3 where workspace_id = $1 and message_id = $2",
                            {bed.sample.workspace, message, state}));
      return {};
    }) == "");
  };
  set(put[0], 10);
  set(put[1], 14);
  const auto counts =
      bed.db->query([&](store::Session& session) { return count_unsettled(session, bed.sample.workspace); }).value();
  CHECK(counts == std::map<DeliveryState, std::int64_t>{{DeliveryState::queued, 1}, {DeliveryState::dead, 1}});
}

TEST_CASE("threads send everything that is due and stop when asked") {
  Bed bed;
  for (int i = 0; i < 40; ++i) {
    bed.sample.conversation = ConversationId::make(bed.clock);
    bed.put();
  }
  std::mutex mutex;
  std::condition_variable all_sent;
  int sends = 0;
  bed.carrier.during_send = [&] {
    std::lock_guard lock(mutex);
    if (++sends == 40) all_sent.notify_one();
  };
  REQUIRE(bed.dispatcher->start());
  bed.dispatcher->wake();
  {
    std::unique_lock lock(mutex);
    CHECK(all_sent.wait_for(lock, std::chrono::seconds(60), [&] { return sends == 40; }));
  }
  bed.dispatcher->stop();
  CHECK(bed.count("select count(*) from deliveries where state = 10") == 40);
  CHECK(bed.carrier.sent.size() == 40);
}

namespace {

// A server that takes a connection and never answers, for one channel; for others one that works.
class StuckCarrier final : public Carrier {
 public:
  explicit StuckCarrier(ChannelId stuck) : stuck_(stuck) {}
  Result<Rendered> render(const OutboundMessage& message) override {
    return Rendered{.bytes = message.text, .external_id = message.message.text()};
  }
  SendResult send(const Delivery& delivery) override {
    std::unique_lock lock(mutex_);
    if (delivery.message.channel == stuck_) {
      most_stuck = std::max(most_stuck, ++stuck_now_);
      changed_.notify_all();
      changed_.wait(lock, [&] { return is_released_; });
      --stuck_now_;
    } else {
      ++sent;
      changed_.notify_all();
    }
    return {.outcome = Outcome::sent};
  }
  // What the dispatcher has written tells nobody: so it looks again each 5 ms.
  template <class F>
  bool wait_until(F&& holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    std::unique_lock lock(mutex_);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end) return false;
      changed_.wait_for(lock, std::chrono::milliseconds(5));
    }
    return true;
  }
  void release() {
    std::lock_guard lock(mutex_);
    is_released_ = true;
    changed_.notify_all();
  }
  int most_stuck = 0, sent = 0;

 private:
  const ChannelId stuck_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_released_ = false;
  int stuck_now_ = 0;
};

}  // namespace

TEST_CASE("a server that never answers holds up its own channel only, and later its messages leave too") {
  Bed bed;
  StuckCarrier carrier(bed.sample.channel);
  auto dispatcher =
      Dispatcher::make(*bed.db, *bed.blobs, [&](WorkspaceId, ChannelId) { return &carrier; }, bed.metrics);
  auto put_many = [&](int count) {
    for (int i = 0; i < count; ++i) {
      bed.sample.conversation = ConversationId::make(bed.clock);
      bed.put();
    }
  };
  put_many(30);
  REQUIRE(dispatcher->start());
  CHECK(carrier.wait_until([&] { return carrier.most_stuck == 4; }));
  bed.sample.channel = ChannelId::make(bed.clock);
  put_many(20);
  dispatcher->wake();
  CHECK(carrier.wait_until([&] { return carrier.sent == 20; }));
  CHECK(carrier.most_stuck == 4);
  carrier.release();
  CHECK(carrier.wait_until([&] { return bed.count("select count(*) from deliveries where state = 10") == 50; }));
  dispatcher->stop();
}

TEST_CASE("a channel has a third of the places, and a workspace half of them") {
  FakeClock clock;
  Places places(12);
  const auto workspace = WorkspaceId::make(clock);
  const auto channel = ChannelId::make(clock);
  const auto take = [&](ChannelId of) {
    Delivery delivery{.id = DeliveryId::make(clock), .message = {}};
    delivery.message.workspace = workspace;
    delivery.message.channel = of;
    delivery.fence = 1;
    places.take(delivery);
    return delivery;
  };
  for (int i = 0; i < 3; ++i) take(channel);
  CHECK(places.busy().channels[0].is_nil());
  const auto last = take(channel);
  CHECK(places.busy().channels[0] == channel);
  CHECK(places.busy().channels[1].is_nil());
  CHECK(places.busy().workspaces[0].is_nil());
  for (int i = 0; i < 2; ++i) take(ChannelId::make(clock));
  CHECK(places.busy().workspaces[0] == workspace);
  CHECK(places.has(last.id));
  places.leave(last.id, last.fence);
  CHECK(!places.has(last.id));
  CHECK(places.busy().channels[0].is_nil());
  CHECK(places.busy().workspaces[0].is_nil());
}

TEST_CASE("a thread that leaves late does not take the place of the one that has claimed the delivery anew") {
  FakeClock clock;
  Places places(12);
  Delivery delivery{.id = DeliveryId::make(clock), .message = {}};
  places.take(delivery);
  delivery.fence = 1;
  places.take(delivery);
  places.leave(delivery.id, 0);
  CHECK(places.has(delivery.id));
}
