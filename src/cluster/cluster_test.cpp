#include <doctest/doctest.h>

#include <latch>
#include <thread>

#include "cluster/event_log.h"
#include "cluster/fanout.h"
#include "cluster/lease.h"
#include "cluster/log_reader.h"
#include "cluster/presence.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::cluster;

namespace {

constexpr store::Migration seen_table[] = {{.name = "seen/0001",
                                            .sql =
                                                "create table seen (workspace_id bytea not null, seq bigint not null,"
                                                " primary key (workspace_id, seq))"}};

struct Fixture {
  FakeClock clock;
  Metrics metrics;
  std::unique_ptr<Fanout> fanout = Fanout::in_process();
  store::TemporaryDatabase db = store::open_temporary(
      clock, metrics, {schema(), seen_table}, {.on_commit = [this](WorkspaceId changed) { fanout->wake(changed); }});
  WorkspaceId workspace = WorkspaceId::make(clock);

  std::int64_t append(WorkspaceId where, std::string_view kind = "message_added") {
    return db
        ->write([&](store::Transaction& tx) -> Result<std::int64_t> {
          TRY_STATUS(append_event(tx, {.workspace = where, .kind = kind, .actor_kind = "system"}));
          return last_seq(tx, where);
        })
        .value();
  }
  std::int64_t seen(WorkspaceId where) {
    return db
        ->query([&](store::Session& session) {
          return session.number("select count(*) from seen where workspace_id = $1", {where});
        })
        .value();
  }
  LogReaderOptions recorder() {
    return {.name = "recorder", .batch_max = 7, .handle = [](auto& tx, WorkspaceId where, auto events) -> Status {
              for (const auto& event : events)
                TRY_STATUS(tx.execute("insert into seen (workspace_id, seq) values ($1, $2)", {where, event.seq}));
              return {};
            }};
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "events of a workspace are numbered from one without gaps, also when a job fails between") {
  auto other = WorkspaceId::make(clock);
  CHECK(append(workspace) == 1);
  CHECK(append(workspace) == 2);
  CHECK(append(other) == 1);
  auto failed = db->write([&](store::Transaction& tx) -> Result<int> {
    CHECK(append_event(tx, {.workspace = workspace, .kind = "message_added", .actor_kind = "system"}));
    CHECK(last_seq(tx, workspace).value() == 3);
    return fail(ErrorKind::invalid, "no");
  });
  CHECK(!failed);
  CHECK(append(workspace) == 3);
  CHECK(db->query([&](store::Session& session) { return last_seq(session, workspace); }).value() == 3);
  CHECK(db->query([&](store::Session& session) { return last_seq(session, WorkspaceId{}); }).value() == 0);
}

TEST_CASE_FIXTURE(Fixture, "an event is read back as it was appended") {
  auto conversation = ConversationId::make(clock);
  auto written = db->write([&](store::Transaction& tx) {
    return append_event(tx, {.workspace = workspace,
                             .kind = "conversation_opened",
                             .conversation = conversation,
                             .actor_kind = "contact",
                             .actor_id = "c1"});
  });
  REQUIRE(written);
  auto events = db->query([&](store::Session& session) { return events_after(session, workspace, 0, 10); }).value();
  REQUIRE(events.size() == 1);
  CHECK(events[0].seq == 1);
  CHECK(events[0].kind == "conversation_opened");
  CHECK(events[0].at == clock.now());
  CHECK(events[0].conversation == conversation);
  CHECK(!events[0].message);
  CHECK(events[0].actor_kind == "contact");
  CHECK(events[0].actor_id == "c1");
}

TEST_CASE_FIXTURE(Fixture, "one call returns at most a thousand events") {
  auto appended = db->write([&](store::Transaction& tx) -> Result<int> {
    for (int i = 0; i < events_max + 1; ++i)
      TRY_STATUS(append_event(tx, {.workspace = workspace, .kind = "message_added", .actor_kind = "system"}));
    return 1;
  });
  REQUIRE(appended);
  auto count = [&](std::int64_t after, int limit) {
    return db->query([&](store::Session& session) { return events_after(session, workspace, after, limit); })->size();
  };
  CHECK(count(0, 5'000) == events_max);
  CHECK(count(1, events_max) == events_max);
  CHECK(count(2, events_max) == events_max - 1);
  CHECK(count(0, 0) == 1);
}

TEST_CASE_FIXTURE(Fixture, "a cursor starts at nought and is kept for each reader and workspace") {
  auto load = [&](std::string_view reader) {
    return db->query([&](store::Session& session) { return load_cursor(session, reader, workspace); }).value();
  };
  CHECK(load("search") == 0);
  for (std::int64_t seq : {5, 9}) {
    CHECK(db->write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(save_cursor(tx, "search", workspace, seq));
      return 1;
    }));
  }
  CHECK(load("search") == 9);
  CHECK(load("routing") == 0);
}

TEST_CASE_FIXTURE(Fixture, "a lease is held by one until it ends, and its fence grows with each new holder") {
  auto claim = [&](std::string_view holder) {
    return db->write([&](store::Transaction& tx) { return claim_lease(tx, "mailbox", holder, 1'000); }).value();
  };
  auto first = claim("a");
  REQUIRE(first);
  CHECK(first->fence == 1);
  CHECK(first->until == clock.now() + 1'000);
  CHECK(!claim("b"));
  clock.advance_ms(500);
  CHECK(claim("a")->fence == 1);
  clock.advance_ms(999);
  CHECK(!claim("b"));
  clock.advance_ms(1);
  CHECK(claim("b")->fence == 2);
  CHECK(!claim("a"));
  CHECK(db->write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(release_lease(tx, "mailbox", "a"));  // not the holder any more: without effect
    return 1;
  }));
  CHECK(!claim("a"));
  CHECK(db->write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(release_lease(tx, "mailbox", "b"));
    return 1;
  }));
  CHECK(claim("a")->fence == 3);
}

TEST_CASE("a subscription that ended is not called again, and ending waits for a running call") {
  auto fanout = Fanout::in_process();
  std::latch entered(1);
  std::latch leave(1);
  std::atomic<bool> ran = false;
  auto subscription = fanout->on_wake([&](WorkspaceId) {
    entered.count_down();
    leave.wait();
    ran = true;
  });
  std::thread waker([&] { fanout->wake({}); });
  entered.wait();
  std::thread ender([&] {
    subscription.reset();
    CHECK(ran);
  });
  leave.count_down();
  ender.join();
  waker.join();
  ran = false;
  fanout->wake({});
  CHECK(!ran);
}

TEST_CASE("a signal reaches every subscriber, and a subscription may outlive the fan-out") {
  auto fanout = Fanout::in_process();
  std::string heard;
  auto one = fanout->on_signal([&](const Signal& signal) { heard += signal.kind + "1 "; });
  auto two = fanout->on_signal([&](const Signal& signal) { heard += signal.kind + "2 "; });
  fanout->signal({.workspace = {}, .kind = "presence", .conversation = {}, .text = {}});
  CHECK(heard == "presence1 presence2 ");
  fanout.reset();
}

TEST_CASE_FIXTURE(Fixture, "a reader handles what was there before it, and what comes later, once and in order") {
  auto other = WorkspaceId::make(clock);
  for (int i = 0; i < 20; ++i) append(workspace);
  LogReader reader(recorder(), *db, *fanout, metrics);
  CHECK(reader.catch_up());
  CHECK(seen(workspace) == 20);
  std::thread producer([&] {
    for (int i = 0; i < 50; ++i) append(i % 2 ? workspace : other);
  });
  producer.join();
  CHECK(reader.catch_up());
  CHECK(seen(workspace) == 45);
  CHECK(seen(other) == 25);
  reader.stop();
  append(workspace);
  CHECK(!reader.catch_up());
  LogReader restarted(recorder(), *db, *fanout, metrics);
  CHECK(restarted.catch_up());
  CHECK(seen(workspace) == 46);
  CHECK(metrics.gauge("answerable_reader_lag_events", "", "reader=\"recorder\"").value() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a batch that fails is tried again and nothing of it is kept or skipped") {
  for (int i = 0; i < 3; ++i) append(workspace);
  std::atomic<int> failures = 2;
  auto options = recorder();
  options.handle = [&, record = options.handle](store::Transaction& tx, WorkspaceId where, auto events) -> Status {
    TRY_STATUS(record(tx, where, events));
    if (failures.fetch_sub(1) > 0) return fail(ErrorKind::unavailable, "not_now");
    return {};
  };
  LogReader reader(options, *db, *fanout, metrics);
  int tries = 0;
  while (!reader.catch_up()) ++tries;
  CHECK(tries <= 2);
  CHECK(seen(workspace) == 3);
}

TEST_CASE_FIXTURE(Fixture, "what stops a reader in one workspace does not stop it in the others") {
  auto broken = workspace;
  auto other = WorkspaceId::make(clock);
  append(broken);
  append(other);
  auto options = recorder();
  options.handle = [&, record = options.handle](store::Transaction& tx, WorkspaceId where, auto events) -> Status {
    if (where == broken) return fail(ErrorKind::internal, "broken");
    return record(tx, where, events);
  };
  LogReader reader(options, *db, *fanout, metrics);
  CHECK(!reader.catch_up());
  CHECK(seen(other) == 1);
  CHECK(seen(broken) == 0);
}

TEST_CASE_FIXTURE(Fixture, "a reader that gathers takes what comes together at once, and who asks does not wait") {
  auto options = recorder();
  options.gather_ms = 3'600'000;
  std::atomic<int> batches = 0;
  options.handle = [&, record = options.handle](store::Transaction& tx, WorkspaceId where, auto events) -> Status {
    ++batches;
    return record(tx, where, events);
  };
  LogReader reader(options, *db, *fanout, metrics);
  CHECK(reader.catch_up());
  CHECK(reader.catch_up());  // by now it has been woken once: the next time it gathers
  for (int i = 0; i < 5; ++i) append(workspace);
  CHECK(batches == 0);
  CHECK(reader.catch_up());
  CHECK(batches == 1);
  CHECK(seen(workspace) == 5);
}

TEST_CASE_FIXTURE(Fixture, "two readers of one name share the work without doing any twice") {
  LogReader one(recorder(), *db, *fanout, metrics);
  LogReader two(recorder(), *db, *fanout, metrics);
  for (int i = 0; i < 100; ++i) append(workspace);
  CHECK(one.catch_up());
  CHECK(two.catch_up());
  CHECK(seen(workspace) == 100);  // a second insert of the same number would have failed
}

TEST_CASE("presence tells who is there, and forgets them 45 seconds after their last word") {
  FakeClock clock;
  Presence presence(clock);
  auto workspace = WorkspaceId::make(clock);
  auto conversation = ConversationId::make(clock);
  auto ann = UserId::make(clock);
  auto bob = UserId::make(clock);
  CHECK(presence.touch(workspace, conversation, ann, ViewerState::viewing));
  CHECK(!presence.touch(workspace, conversation, ann, ViewerState::viewing));
  CHECK(presence.touch(workspace, conversation, ann, ViewerState::typing));
  CHECK(presence.touch(workspace, conversation, bob, ViewerState::viewing));
  CHECK(presence.viewers(workspace, conversation).size() == 2);
  CHECK(presence.viewers(WorkspaceId::make(clock), conversation).empty());
  clock.advance_ms(Presence::expiry_ms - 1);
  CHECK(!presence.touch(workspace, conversation, bob, ViewerState::viewing));
  CHECK(presence.expire().empty());
  clock.advance_ms(1);
  CHECK(presence.viewers(workspace, conversation).size() == 1);
  CHECK(presence.expire().size() == 1);
  CHECK(presence.leave(workspace, conversation, bob));
  CHECK(!presence.leave(workspace, conversation, bob));
}

TEST_CASE("presence keeps at most sixty-four viewers of one conversation") {
  FakeClock clock;
  Presence presence(clock);
  WorkspaceId workspace;
  ConversationId conversation;
  for (std::size_t i = 0; i < Presence::viewers_max; ++i)
    CHECK(presence.touch(workspace, conversation, UserId::make(clock), ViewerState::viewing));
  CHECK(!presence.touch(workspace, conversation, UserId::make(clock), ViewerState::viewing));
  CHECK(presence.viewers(workspace, conversation).size() == Presence::viewers_max);
}
