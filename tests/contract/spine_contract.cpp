// Event log, leases and ledger on both engines, and with two nodes on PostgreSQL.
#include <doctest/doctest.h>

#include <thread>

#include "audit/ledger.h"
#include "audit/sealer.h"
#include "audit/verify.h"
#include "cluster/event_log.h"
#include "cluster/fanout.h"
#include "cluster/lease.h"
#include "cluster/log_reader.h"
#include "contract/engines.h"

using namespace answerable;
using contract::Bed;

namespace {

constexpr store::Migration seen_table[] = {{.name = "seen/0001",
                                            .sql =
                                                "create table seen (workspace_id bytea not null, seq bigint not null,"
                                                " primary key (workspace_id, seq))"}};

Status act_and_tell(store::Transaction& tx, WorkspaceId workspace, std::int64_t number) {
  TRY_STATUS(cluster::append_event(tx, {.workspace = workspace, .kind = "message_added", .actor_kind = "system"}));
  TRY_STATUS(audit::append_entry(tx, {.workspace = workspace,
                                      .actor = {"system", "", ""},
                                      .action = "message.note",
                                      .object_kind = "message",
                                      .object_id = std::to_string(number)}));
  return {};
}

void write_many(store::Database& db, WorkspaceId workspace, int count) {
  for (int i = 0; i < count; ++i) {
    auto written = db.write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(act_and_tell(tx, workspace, i));
      return 1;
    });
    CHECK_MESSAGE(written.has_value(), written.error().code);
  }
}

audit::Verification check(store::Database& db, WorkspaceId workspace, const audit::PublicKey& key) {
  return db.query([&](store::Session& session) { return audit::verify(session, workspace, key); }).value();
}

cluster::LogReaderOptions recorder() {
  return {.name = "recorder", .batch_max = 10, .handle = [](auto& tx, WorkspaceId where, auto events) -> Status {
            for (const auto& event : events)
              TRY_STATUS(tx.execute("insert into seen (workspace_id, seq) values ($1, $2)", {where, event.seq}));
            return {};
          }};
}

std::int64_t seen(store::Database& db) {
  return db.query([](store::Session& session) { return session.number("select count(*) from seen"); }).value();
}

}  // namespace

TEST_CASE("events are read back in order, as they were written, and a reader handles each once") {
  contract::on_each_engine({cluster::schema(), seen_table}, [](Bed& bed) {
    auto workspace = WorkspaceId::make(bed.clock);
    auto conversation = ConversationId::make(bed.clock);
    auto message = MessageId::make(bed.clock);
    for (int i = 0; i < 30; ++i) {
      auto seq = bed.db().write([&](store::Transaction& tx) -> Result<std::int64_t> {
        TRY_STATUS(cluster::append_event(tx, {.workspace = workspace,
                                              .kind = "message_added",
                                              .conversation = i % 2 ? std::optional(conversation) : std::nullopt,
                                              .message = message,
                                              .actor_kind = "contact",
                                              .actor_id = "c"}));
        return cluster::last_seq(tx, workspace);
      });
      CHECK(seq.value() == i + 1);
    }
    auto events = bed.db()
                      .query([&](store::Session& session) { return cluster::events_after(session, workspace, 10, 5); })
                      .value();
    REQUIRE(events.size() == 5);
    CHECK(events[0].seq == 11);
    CHECK(!events[0].conversation);
    CHECK(events[1].conversation == conversation);
    CHECK(events[1].message == message);
    CHECK(events[1].at == bed.clock.now());
    auto fanout = cluster::Fanout::in_process();
    cluster::LogReader reader(recorder(), bed.db(), *fanout, bed.metrics);
    CHECK(reader.catch_up());
    CHECK(seen(bed.db()) == 30);
  });
}

TEST_CASE("a lease goes from holder to holder with a growing fence") {
  contract::on_each_engine({cluster::schema()}, [](Bed& bed) {
    auto claim = [&](std::string_view holder) {
      return bed.db()
          .write([&](store::Transaction& tx) { return cluster::claim_lease(tx, "poll", holder, 100); })
          .value();
    };
    CHECK(claim("a")->fence == 1);
    CHECK(claim("a")->fence == 1);
    CHECK(!claim("b"));
    bed.clock.advance_ms(100);
    CHECK(claim("b")->fence == 2);
    CHECK(!claim("a"));
  });
}

TEST_CASE("a ledger is sealed and verifies, and a changed entry is named") {
  contract::on_each_engine({cluster::schema(), audit::schema()}, [](Bed& bed) {
    store::TemporaryFolder folder;
    auto key = audit::SigningKey::load_or_create(folder.path() + "/key", "answerable.example").value();
    auto workspace = WorkspaceId::make(bed.clock);
    audit::Sealer sealer(key, bed.db(), bed.metrics);
    write_many(bed.db(), workspace, 30);
    REQUIRE(sealer.seal(workspace));
    write_many(bed.db(), workspace, 10);
    REQUIRE(sealer.seal(workspace));
    auto found = check(bed.db(), workspace, key.public_key());
    CHECK(found.ok);
    CHECK(found.entries == 40);
    CHECK(found.signed_entries == 40);
    REQUIRE(bed.db().write([](store::Transaction& tx) {
      return tx.execute(
          "update ledger_entries set encoded = (select e.encoded from ledger_entries e where e.seq = 4)"
          " where seq = 17");
    }));
    auto changed = check(bed.db(), workspace, key.public_key());
    REQUIRE(changed.first_bad);
    CHECK(changed.first_bad->seq == 17);
  });
}

TEST_CASE("two nodes that write, read and seal the same workspace leave no gap, no double and a whole ledger") {
  contract::on_postgres({cluster::schema(), audit::schema(), seen_table}, [](Bed& bed) {
    store::TemporaryFolder folder;
    auto key = audit::SigningKey::load_or_create(folder.path() + "/key", "answerable.example").value();
    auto workspace = WorkspaceId::make(bed.clock);
    auto other = bed.another_node();
    auto fanout = cluster::Fanout::in_process();
    {
      audit::Sealer here(key, bed.db(), bed.metrics);
      audit::Sealer there(key, *other, bed.metrics);
      std::thread elsewhere([&] { write_many(*other, workspace, 40); });
      write_many(bed.db(), workspace, 40);
      elsewhere.join();
      std::thread sealing([&] { CHECK(there.seal(workspace)); });
      CHECK(here.seal(workspace));
      sealing.join();
    }
    {
      cluster::LogReader one(recorder(), bed.db(), *fanout, bed.metrics);
      cluster::LogReader two(recorder(), *other, *fanout, bed.metrics);
      CHECK(one.catch_up());
      CHECK(two.catch_up());
    }
    CHECK(seen(bed.db()) == 80);
    auto last = bed.db().query([&](store::Session& session) { return cluster::last_seq(session, workspace); });
    CHECK(last.value() == 80);
    auto found = check(bed.db(), workspace, key.public_key());
    CHECK(found.ok);
    CHECK(found.entries == 80);
    CHECK(found.signed_entries == 80);
  });
}
