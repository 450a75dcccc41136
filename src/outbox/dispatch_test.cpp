#include <future>
#include <limits>
#include <optional>
#include <thread>
#include <utility>

#include "outbox/backoff.h"
#include "outbox/test_bed.h"

using namespace answerable;
using namespace answerable::outbox;
using Bed = TestBed;

TEST_CASE("a due message is rendered once, sent once, and recorded") {
  Bed bed;
  auto message = bed.put();
  CHECK(bed.run() == 1);
  CHECK(bed.run() == 0);
  REQUIRE(bed.carrier.sent.size() == 1);
  CHECK(bed.carrier.sent[0].rendered == "hello1");
  auto summary = bed.summary(message);
  CHECK(summary.state == DeliveryState::sent);
  CHECK(summary.external_id == message.text() + "@test");
  REQUIRE(summary.attempt_log.size() == 1);
  CHECK(summary.attempt_log[0].result == "sent");
  CHECK(bed.count("select count(*) from ledger_entries") == 1);
  CHECK(bed.count("select count(*) from deliveries where rendered is not null") == 0);
}

TEST_CASE("a message waits for its due time, to the millisecond") {
  Bed bed;
  bed.sample.delay_ms = 10'000;
  bed.put();
  bed.clock.advance_ms(9'999);
  CHECK(bed.run() == 0);
  bed.clock.advance_ms(1);
  CHECK(bed.run() == 1);
}

TEST_CASE("a temporary failure is repeated with the same bytes and id after a wait that grows") {
  Bed bed;
  bed.carrier.script = {{.outcome = Outcome::retry, .detail = "451 later"},
                        {.outcome = Outcome::retry, .detail = "451 later"}};
  auto message = bed.put();
  CHECK(bed.run() == 1);
  auto summary = bed.summary(message);
  CHECK(summary.state == DeliveryState::queued);
  CHECK(summary.last_error == "451 later");
  CHECK(summary.next_attempt_at >= bed.clock.now() + 30'000);
  CHECK(summary.next_attempt_at <= bed.clock.now() + 36'000);
  bed.clock.advance_ms(36'000);
  CHECK(bed.run() == 1);
  bed.clock.advance_ms(72'000);
  CHECK(bed.run() == 1);
  CHECK(bed.state(message) == DeliveryState::sent);
  REQUIRE(bed.carrier.sent.size() == 3);
  CHECK(bed.carrier.renders == 1);
  for (const auto& sent : bed.carrier.sent) {
    CHECK(sent.rendered == "hello1");
    CHECK(sent.external_id == message.text() + "@test");
  }
}

TEST_CASE("a message that cannot leave for a day is dead, and an administrator can try it again") {
  Bed bed;
  for (int i = 0; i < 100; ++i) bed.carrier.script.push_back({.outcome = Outcome::retry, .detail = "421 busy"});
  auto message = bed.put();
  for (int i = 0; i < 100 && bed.state(message) == DeliveryState::queued; ++i) {
    bed.run();
    bed.clock.advance_ms(longest_wait_ms + longest_wait_ms / 5);
  }
  CHECK(bed.state(message) == DeliveryState::dead);
  bed.carrier.script.clear();
  auto id = bed.summary(message).id;
  CHECK(bed.error_of([&](store::Transaction& tx) { return retry(tx, bed.administrator, id); }) == "");
  CHECK(bed.error_of([&](store::Transaction& tx) { return retry(tx, bed.administrator, id); }) == "not_retryable");
  CHECK(bed.run() == 1);
  CHECK(bed.state(message) == DeliveryState::sent);
}

TEST_CASE("a refusal for good fails at once and is on record") {
  Bed bed;
  bed.carrier.script = {{.outcome = Outcome::failed, .detail = "550 no such user\r\nX"}};
  auto message = bed.put();
  CHECK(bed.run() == 1);
  CHECK(bed.state(message) == DeliveryState::failed);
  CHECK(bed.summary(message).last_error == "550 no such user X");
  CHECK(bed.count("select count(*) from ledger_entries") == 1);
}

TEST_CASE("a message that cannot be rendered fails, or waits when a part does not answer") {
  Bed bed;
  bed.carrier.render_error = Error{.kind = ErrorKind::unavailable, .code = "blob_unavailable", .detail = ""};
  auto message = bed.put();
  bed.run();
  CHECK(bed.state(message) == DeliveryState::queued);
  bed.carrier.render_error = Error{.kind = ErrorKind::invalid, .code = "bad_recipient", .detail = ""};
  bed.clock.advance_ms(60'000);
  bed.run();
  CHECK(bed.state(message) == DeliveryState::failed);
  CHECK(bed.carrier.sent.empty());
}

TEST_CASE("an unknown outcome is repeated with the same bytes where that is allowed, at most so often") {
  Bed bed;
  for (int i = 0; i < 20; ++i) bed.carrier.script.push_back({.outcome = Outcome::unknown, .detail = "connection lost"});
  auto message = bed.put();
  for (int i = 0; i < 20; ++i) {
    bed.run();
    bed.clock.advance_ms(longest_wait_ms + longest_wait_ms / 5);
  }
  CHECK(bed.state(message) == DeliveryState::unknown);
  CHECK(static_cast<std::int64_t>(bed.carrier.sent.size()) == ambiguous_attempts_max);
  CHECK(bed.carrier.renders == 1);
}

TEST_CASE("an unknown outcome of a channel that must not repeat waits for a person, or to be seen") {
  Bed bed;
  bed.carrier.ambiguity = Ambiguity::stop;
  bed.carrier.script = {{.outcome = Outcome::unknown}, {.outcome = Outcome::unknown}};
  auto first = bed.put();
  bed.sample.conversation = ConversationId::make(bed.clock);
  auto second = bed.put();
  CHECK(bed.run() == 2);
  bed.clock.advance_ms(give_up_after_ms);
  CHECK(bed.run() == 0);
  CHECK(bed.state(first) == DeliveryState::unknown);
  auto id = bed.summary(first).id;
  CHECK(bed.error_of([&](store::Transaction& tx) {
    return resolve(tx, bed.administrator, id, DeliveryState::queued);
  }) == "bad_resolution");
  CHECK(bed.error_of([&](store::Transaction& tx) { return resolve(tx, bed.administrator, id, DeliveryState::sent); }) ==
        "");
  CHECK(bed.error_of([&](store::Transaction& tx) { return resolve(tx, bed.administrator, id, DeliveryState::sent); }) ==
        "not_unknown");
  CHECK(bed.state(first) == DeliveryState::sent);
  CHECK(bed.error_of([&](store::Transaction& tx) { return record_seen(tx, bed.sample.workspace, second); }) == "");
  CHECK(bed.state(second) == DeliveryState::delivered);
}

TEST_CASE("a reply never overtakes an earlier one of its conversation that still may go") {
  Bed bed;
  bed.carrier.script = {{.outcome = Outcome::retry}};
  auto first = bed.put();
  bed.sample.sequence = 2;
  auto second = bed.put();
  bed.sample.conversation = ConversationId::make(bed.clock);
  auto other = bed.put();
  CHECK(bed.run() == 2);
  CHECK(bed.state(first) == DeliveryState::queued);
  CHECK(bed.state(second) == DeliveryState::queued);
  CHECK(bed.state(other) == DeliveryState::sent);
  bed.clock.advance_ms(36'000);
  CHECK(bed.run() == 2);
  REQUIRE(bed.carrier.sent.size() == 4);
  CHECK(bed.carrier.sent[2].message.message == first);
  CHECK(bed.carrier.sent[3].message.message == second);
}

TEST_CASE("a suspended workspace's messages are held, and leave in order when the suspension is lifted") {
  Bed bed;
  auto first = bed.put();
  bed.sample.sequence = 2;
  auto second = bed.put();
  bed.suspend();
  CHECK(bed.run() == 0);
  CHECK(bed.state(first) == DeliveryState::held);
  CHECK(bed.carrier.sent.empty());
  bed.sample.sequence = 3;
  auto third = bed.put();
  CHECK(bed.state(third) == DeliveryState::held);
  bed.lift();
  CHECK(bed.run() == 3);
  REQUIRE(bed.carrier.sent.size() == 3);
  CHECK(bed.carrier.sent[0].message.message == first);
  CHECK(bed.carrier.sent[1].message.message == second);
  CHECK(bed.carrier.sent[2].message.message == third);
}

TEST_CASE("a suspension that comes between claim and send still holds the message") {
  Bed bed;
  auto message = bed.put();
  auto claimed = bed.claim();
  REQUIRE(claimed.size() == 1);
  bed.suspend();
  CHECK_FALSE(bed.begin(claimed[0]));
  CHECK(bed.state(message) == DeliveryState::held);
  bed.lift();
  CHECK(bed.run() == 1);
}

TEST_CASE("a lease that ran out before the send had begun is simply taken again; the old holder can do nothing") {
  Bed bed;
  auto message = bed.put();
  auto old = bed.claim("node-1");
  REQUIRE(old.size() == 1);
  CHECK(bed.claim("node-2").empty());
  bed.clock.advance_ms(lease_ms);
  CHECK(bed.run() == 1);
  CHECK(bed.state(message) == DeliveryState::sent);
  CHECK_FALSE(bed.begin(old[0]));
  auto recorded = bed.db->write([&](store::Transaction& tx) {
    return record_attempt(tx, {.workspace = bed.sample.workspace,
                               .delivery = old[0].delivery.id,
                               .fence = old[0].delivery.fence,
                               .result = {.outcome = Outcome::failed}});
  });
  CHECK(recorded.value() == DeliveryState::sent);
  CHECK(bed.summary(message).attempts == 1);
}

TEST_CASE(
    "a crash after the send had begun is an ambiguous attempt on record, repeated with the bytes that were stored") {
  Bed bed;
  auto message = bed.put();
  auto claimed = bed.claim();
  REQUIRE(claimed.size() == 1);
  CHECK(bed.begin(claimed[0]));
  // The process dies here; its successor has the same node name.
  CHECK(bed.dispatcher->start());
  bed.dispatcher->stop();
  auto summary = bed.summary(message);
  REQUIRE(summary.attempt_log.size() >= 1);
  CHECK(summary.attempt_log[0].result == "unknown");
  auto again = Dispatcher::make(*bed.db, *bed.blobs, [&](WorkspaceId, ChannelId) { return &bed.carrier; }, bed.metrics);
  CHECK(again->run_once());
  CHECK(bed.state(message) == DeliveryState::sent);
  REQUIRE(bed.carrier.sent.size() == 1);
  CHECK(bed.carrier.sent[0].rendered == "the bytes");
  CHECK(bed.carrier.sent[0].external_id == "id@test");
  CHECK(bed.carrier.renders == 0);
}

TEST_CASE("a crash in a channel that must not repeat leaves the message unknown") {
  Bed bed;
  bed.carrier.ambiguity = Ambiguity::stop;
  auto message = bed.put();
  CHECK(bed.begin(bed.claim().at(0)));
  bed.clock.advance_ms(lease_ms);
  CHECK(bed.run() == 0);
  CHECK(bed.state(message) == DeliveryState::unknown);
  CHECK(bed.carrier.sent.empty());
}

TEST_CASE("equal bytes that somebody else has in the blob store stay when a delivery was sent") {
  Bed bed;
  bed.carrier.prefix = std::string(rendered_inline_max, 'x');
  auto attachment = bed.blobs->put(bed.carrier.prefix + "hello1").value().digest;
  bed.put();
  CHECK(bed.run() == 1);
  REQUIRE(bed.carrier.sent.size() == 1);
  CHECK(bed.carrier.sent[0].rendered == bed.carrier.prefix + "hello1");
  CHECK(bed.blobs->get(attachment).has_value());
}

TEST_CASE("rendered bytes whose row still waits for the writer survive a sweep") {
  Bed bed;
  bed.carrier.prefix = std::string(rendered_inline_max, 'x');
  bed.carrier.script = {{.outcome = Outcome::retry}};
  bed.put();
  std::optional<store::BusyWriter> busy;
  std::promise<void> begun;
  bed.carrier.during_render = [&] {
    busy.emplace(*bed.db);
    begun.set_value();
  };
  std::thread sender([&] { bed.run(); });
  begun.get_future().wait();
  busy->wait_for_company();
  store::SweptBlobs swept;
  auto each = [&](const auto& see) {
    return bed.db->read([&](store::Session& session) { return store::each_blob(session, blob_columns(), see); });
  };
  const Time never{std::numeric_limits<std::int64_t>::max()};
  CHECK(bed.blobs->sweep({.put_before = never, .each_referred = each}, swept));
  CHECK(swept.files == 0);
  busy.reset();
  sender.join();
  bed.clock.advance_ms(36'000);
  CHECK(bed.run() == 1);
  CHECK(bed.carrier.sent.size() == 2);
}

TEST_CASE("rendered bytes that are too large for a row live in the blob store until they are sent") {
  Bed bed;
  bed.carrier.prefix = std::string(rendered_inline_max, 'x');
  bed.carrier.script = {{.outcome = Outcome::retry}};
  auto message = bed.put();
  bed.run();
  CHECK(bed.count("select count(*) from deliveries where rendered is null and rendered_blob is not null") == 1);
  bed.clock.advance_ms(36'000);
  bed.run();
  CHECK(bed.state(message) == DeliveryState::sent);
  REQUIRE(bed.carrier.sent.size() == 2);
  CHECK(bed.carrier.sent[0].rendered == bed.carrier.sent[1].rendered);
  CHECK(bed.carrier.sent[1].rendered.size() > rendered_inline_max);
  CHECK(bed.carrier.renders == 1);
}

TEST_CASE("the outcome of a send is written as soon as the database takes it again, and nothing is sent twice") {
  Bed bed;
  auto message = bed.put();
  auto rename = [&](store::Sql sql) {
    ensure(bed.db->write([&](store::Transaction& tx) { return tx.execute(sql); }).has_value(), "renamed");
  };
  std::thread repair;
  bed.carrier.during_send = [&] {
    rename("alter table delivery_attempts rename to away");
    repair = std::thread([&] {
      auto& failed = bed.metrics.counter("answerable_store_failed_jobs_total", "Jobs that failed");
      while (failed.value() < 8) std::this_thread::yield();
      rename("alter table away rename to delivery_attempts");
    });
  };
  bed.run();
  repair.join();
  bed.clock.advance_ms(lease_ms + 1);
  bed.run();
  CHECK(bed.carrier.sent.size() == 1);
  CHECK(bed.state(message) == DeliveryState::sent);
}

TEST_CASE("a send that outlasts its lease is not taken for cut off by its own process") {
  Bed bed;
  auto message = bed.put();
  bool is_first = true;
  bed.carrier.during_send = [&] {
    if (!std::exchange(is_first, false)) return;
    bed.clock.advance_ms(lease_ms + 1);
    CHECK(bed.run() == 0);
  };
  CHECK(bed.run() == 1);
  CHECK(bed.carrier.sent.size() == 1);
  CHECK(bed.summary(message).attempt_log.size() == 1);
}

TEST_CASE("what was held for days is tried for a day when it may leave") {
  Bed bed;
  auto message = bed.put();
  bed.suspend();
  CHECK(bed.run() == 0);
  bed.clock.advance_ms(3 * give_up_after_ms);
  bed.lift();
  for (int i = 0; i < attempts_min + 2; ++i) bed.carrier.script.push_back({.outcome = Outcome::retry});
  for (int i = 0; i < attempts_min + 2; ++i) {
    CHECK(bed.run() == 1);
    CHECK(bed.state(message) == DeliveryState::queued);
    bed.clock.advance_ms(longest_wait_ms * 2);
  }
}

TEST_CASE("a delivery that cannot be read fails by itself, and the others leave") {
  Bed bed;
  auto broken = bed.put();
  bed.sample.conversation = ConversationId::make(bed.clock);
  ensure(bed.db
             ->write([&](store::Transaction& tx) {
               return tx.execute("update deliveries set payload = $1", {store::Bytes{"?"}});
             })
             .has_value(),
         "broken");
  auto whole = bed.put();
  CHECK(bed.run() == 1);
  CHECK(bed.state(broken) == DeliveryState::failed);
  CHECK(bed.state(whole) == DeliveryState::sent);
}

TEST_CASE("a channel without a carrier lets its messages wait without an attempt") {
  Bed bed;
  bed.has_carrier = false;
  auto message = bed.put();
  const auto events = bed.count("select count(*) from events");
  bed.run();
  CHECK(bed.count("select count(*) from events") == events);
  CHECK(bed.state(message) == DeliveryState::queued);
  CHECK(bed.summary(message).attempts == 0);
  bed.has_carrier = true;
  bed.clock.advance_ms(30'000);
  CHECK(bed.run() == 1);
}
