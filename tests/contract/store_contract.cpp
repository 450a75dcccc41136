// What both engines must do alike.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <thread>
#include <vector>

#include "contract/engines.h"
#include "contract/lossy_line.h"

using namespace answerable;
using namespace answerable::store;
using contract::Bed;

namespace {

constexpr Migration things[] = {
    {.name = "things/0001",
     .sql = "create table things (id bigint primary key, name text unique, data bytea, size double precision,"
            " owner bytea, flag bigint not null default 0);"
            "create table parts (thing bigint not null references things (id), at bigint not null, id bytea not null,"
            " primary key (at, id))"}};

Result<std::int64_t> add(Database& db, std::int64_t id, std::string_view name) {
  return db.write(
      [&](Transaction& tx) { return tx.execute("insert into things (id, name) values ($1, $2)", {id, name}); });
}

std::int64_t count(Database& db) {
  return db.query([](Session& session) { return session.number("select count(*) from things"); }).value();
}

}  // namespace

TEST_CASE("every type of value comes back as it was given") {
  contract::on_each_engine({things}, [](Bed& bed) {
    struct Case {
      std::int64_t id;
      std::string text, bytes;
      double size;
    };
    const Case cases[] = {
        {std::numeric_limits<std::int64_t>::max(), "é\n\t'\"\\ 漢字 😀", std::string("\0\xff\\'", 4), -0.1},
        {std::numeric_limits<std::int64_t>::min(), "", "", 1e300},
        {0, std::string(70'000, 'x'), std::string(300'000, '\0'), 0.0}};
    for (const auto& item : cases) {
      auto written = bed.db().write([&](Transaction& tx) {
        return tx.execute("insert into things (id, name, data, size, flag) values ($1, $2, $3, $4, $5)",
                          {item.id, item.text, Bytes{item.bytes}, item.size, true});
      });
      REQUIRE(written.value() == 1);
      auto seen = bed.db().query([&](Session& session) {
        return session.find("select id, name, data, size, flag, owner from things where name = $1 and data = $2",
                            {item.text, Bytes{item.bytes}}, [&](const Row& row) {
                              CHECK(row.integer(0) == item.id);
                              CHECK(row.text(1) == item.text);
                              CHECK(row.bytes(2) == item.bytes);
                              CHECK(!row.is_null(1));
                              CHECK(!row.is_null(2));
                              CHECK(row.real(3) == item.size);
                              CHECK(row.flag(4));
                              CHECK(row.is_null(5));
                              CHECK(!row.maybe_id<UserId>(5));
                              return true;
                            });
      });
      CHECK(seen.value());
    }
  });
}

TEST_CASE("a value may be NULL in one call of a statement and something in the next") {
  contract::on_each_engine({things}, [](Bed& bed) {
    auto owner = UserId::make(bed.clock);
    std::int64_t id = 0;
    for (const auto& maybe :
         {std::optional<UserId>(), std::optional(owner), std::optional<UserId>(), std::optional(owner)}) {
      auto written = bed.db().write([&](Transaction& tx) {
        return tx.execute("insert into things (id, name, owner) values ($1, $2, $3)",
                          {++id, maybe ? Value(std::to_string(id)) : Value(nullptr), maybe});
      });
      CHECK(written.value() == 1);
    }
    auto found = bed.db().query(
        [&](Session& session) { return session.number("select count(*) from things where owner = $1", {owner}); });
    CHECK(found.value() == 2);
  });
}

TEST_CASE("sums, averages, counts and truth have numbers") {
  contract::on_each_engine({things}, [](Bed& bed) {
    for (int i = 1; i <= 5; ++i) CHECK(add(bed.db(), i * 10'007, std::to_string(i)));
    auto seen = bed.db().query([](Session& session) {
      return session.find(
          "select count(*), sum(id), -sum(id), avg(id), max(id) > 3, coalesce(sum(size), 0), sum(id * 0) from things",
          {}, [](const Row& row) {
            CHECK(row.integer(0) == 5);
            CHECK(row.integer(1) == 150'105);
            CHECK(row.integer(2) == -150'105);
            CHECK(row.real(3) == 30'021.0);
            CHECK(row.flag(4));
            CHECK(row.real(5) == 0.0);
            CHECK(row.integer(6) == 0);
            return true;
          });
    });
    CHECK(seen.value());
    CHECK(
        bed.db().query([](Session& session) { return session.number("select id from things where id < 0"); }).value() ==
        0);
  });
}

TEST_CASE("an insert may return, collide, and update instead") {
  contract::on_each_engine({things}, [](Bed& bed) {
    auto upsert = [&](std::string_view name) {
      return bed.db().write([&](Transaction& tx) {
        return tx.find(
            "insert into things (id, name) values ($1, $2)"
            " on conflict (id) do update set name = excluded.name, flag = things.flag + 1 returning flag, name",
            {1, name}, [](const Row& row) { return row.string(1) + std::to_string(row.integer(0)); });
      });
    };
    CHECK(upsert("a").value() == "a0");
    CHECK(upsert("b").value() == "b1");
    auto ignored = bed.db().write([&](Transaction& tx) {
      return tx.execute("insert into things (id, name) values ($1, $2) on conflict do nothing", {1, "c"});
    });
    CHECK(ignored.value() == 0);
    auto updated = bed.db().write(
        [&](Transaction& tx) { return tx.execute("update things set flag = 7 where id between $1 and $2", {0, 9}); });
    CHECK(updated.value() == 1);
  });
}

TEST_CASE("a page goes on behind the last row of the one before") {
  contract::on_each_engine({things}, [](Bed& bed) {
    REQUIRE(add(bed.db(), 1, "whole"));
    std::vector<UserId> ids;
    for (int i = 0; i < 25; ++i) {
      ids.push_back(UserId::make(bed.clock));
      auto written = bed.db().write([&](Transaction& tx) {
        return tx.execute("insert into parts (thing, at, id) values (1, $1, $2)", {i / 4, ids.back()});
      });
      REQUIRE(written);
    }
    std::vector<UserId> seen;
    std::int64_t at = -1;
    UserId last;
    for (bool more = true; more;) {
      auto page = bed.db().query([&](Session& session) {
        return session.all("select at, id from parts where (at, id) > ($1, $2) order by at, id limit $3", {at, last, 7},
                           [&](const Row& row) {
                             at = row.integer(0);
                             last = row.id<UserId>(1);
                             return last;
                           });
      });
      more = !page->empty();
      seen.insert(seen.end(), page->begin(), page->end());
    }
    CHECK(seen == ids);
  });
}

TEST_CASE("keys that collide or refer to nothing are told apart, and the job is undone") {
  contract::on_each_engine({things}, [](Bed& bed) {
    REQUIRE(add(bed.db(), 1, "one"));
    CHECK(add(bed.db(), 1, "two").error().code == "unique_violation");
    CHECK(add(bed.db(), 2, "one").error().kind == ErrorKind::conflict);
    auto orphan = bed.db().write([&](Transaction& tx) {
      return tx.execute("insert into parts (thing, at, id) values (99, 1, $1)", {UserId{}});
    });
    CHECK(orphan.error().code == "foreign_key_violation");
    auto continued = bed.db().write([&](Transaction& tx) -> Result<std::int64_t> {
      TRY_STATUS(tx.execute("insert into things (id, name) values (5, 'five')"));
      [[maybe_unused]] auto ignored = tx.execute("insert into things (id, name) values (1, 'again')");
      return tx.number("select count(*) from things");
    });
    CHECK(continued.error().code == "unique_violation");
    CHECK(count(bed.db()) == 1);
  });
}

TEST_CASE("of many jobs at once each fails or succeeds alone") {
  contract::on_each_engine({things}, [](Bed& bed) {
    bed.options.run_jobs_twice = true;
    for (int round = 0; round < 2; ++round) {
      bed.reopen();
      bed.options.run_jobs_twice = false;
      std::atomic<int> good = 0;
      std::atomic<int> bad = 0;
      for (int i = 0; i < 300; ++i) {
        bed.db().submit(
            [i, round](Transaction& tx) -> Status {
              TRY_STATUS(tx.execute("insert into things (id, name) values ($1, $2)", {round * 1'000 + i, nullptr}));
              if (i % 7 == 2)
                TRY_STATUS(tx.execute("insert into things (id, name) values ($1, 'x')", {round * 1'000 + i}));
              if (i % 7 == 5) return fail(ErrorKind::invalid, "not_wanted");
              return {};
            },
            [&](Status status) { ++(status ? good : bad); });
      }
      bed.reopen();
      CHECK(good + bad == 300);
      CHECK(bad == 86);
      CHECK(count(bed.db()) == (round + 1) * 214);
    }
  });
}

TEST_CASE("a read sees one snapshot") {
  contract::on_each_engine({things}, [](Bed& bed) {
    auto seen = bed.db().query([&](Session& session) -> Result<std::int64_t> {
      TRY(auto before, session.number("select count(*) from things"));
      std::thread([&] { CHECK(add(bed.db(), 1, "one")); }).join();
      TRY(auto after, session.number("select count(*) from things"));
      return before * 10 + after;
    });
    CHECK(seen.value() == 0);
    CHECK(count(bed.db()) == 1);
  });
}

TEST_CASE("a read cannot write") {
  contract::on_each_engine({things}, [](Bed& bed) {
    auto status = bed.db().read(
        [](Session& session) { return session.each("insert into things (id) values (1)", {}, [](const Row&) {}); });
    CHECK(status.error().code == "database_read_only");
    CHECK(count(bed.db()) == 0);
  });
}

TEST_CASE("commits are told once a workspace, with what was asked to run after them, and failures are not") {
  contract::on_each_engine({things}, [](Bed& bed) {
    std::vector<WorkspaceId> told;
    bed.options.on_commit = [&](WorkspaceId workspace) { told.push_back(workspace); };
    bed.reopen();
    auto workspace = WorkspaceId::make(bed.clock);
    int ran = 0;
    auto job = [&](bool fails) {
      return bed.db().write([&, fails](Transaction& tx) -> Result<int> {
        TRY_STATUS(tx.execute("insert into things (id) values ($1)", {fails ? 2 : 1}));
        tx.announce(workspace);
        tx.announce(workspace);
        tx.on_commit([&] { ++ran; });
        if (fails) return fail(ErrorKind::conflict, "no");
        return 1;
      });
    };
    CHECK(job(false));
    CHECK(!job(true));
    bed.db().close();
    CHECK(told == std::vector{workspace});
    CHECK(ran == 1);
  });
}

TEST_CASE("migrations run once; an edited, an unknown and a broken one are refused without a trace") {
  contract::on_each_engine({things}, [](Bed& bed) {
    CHECK(bed.db().migrate(things));
    constexpr Migration edited[] = {{.name = "things/0001", .sql = "create table other (id bigint)"}};
    CHECK(bed.db().migrate(edited).error().code == "migration_changed");
    constexpr Migration older[] = {{.name = "things/0000", .sql = "create table old (id bigint)"}};
    CHECK(bed.db().migrate(older).error().code == "database_newer");
    constexpr Migration broken[] = {{.name = "more/0001", .sql = "create table half (id bigint); create nonsense"}};
    CHECK(bed.db().migrate(broken).error().code == "wrong_sql");
    constexpr Migration own[] = {
        {.name = "more/0001",
         .sql = "create table half (id bigint);",
         .sqlite_only = "create table for_sqlite (id bigint)",
         .postgres_only = "create table for_postgres (id bigint); comment on table half is 'a;b'"}};
    CHECK(bed.db().migrate(own));
    bed.reopen();
    CHECK(bed.db().migrate(own));
    CHECK(bed.db().migrate(things));
  });
}

TEST_CASE("two nodes that start together migrate once") {
  contract::on_postgres({things}, [](Bed& bed) {
    constexpr Migration steps[] = {{.name = "steps/0001", .sql = "create table step_one (id bigint)"},
                                   {.name = "steps/0002", .sql = "create table step_two (id bigint)"},
                                   {.name = "steps/0003", .sql = "insert into step_one (id) values (1)"}};
    auto other = bed.another_node();
    std::thread there([&] { CHECK(other->migrate(steps)); });
    CHECK(bed.db().migrate(steps));
    there.join();
    auto rows = bed.db().query([](Session& session) { return session.number("select count(*) from step_one"); });
    CHECK(rows.value() == 1);
  });
}

TEST_CASE("a full queue refuses, and the job is told so") {
  contract::on_each_engine({things}, [](Bed& bed) {
    bed.options.queue_max = 3;
    bed.reopen();
    std::atomic<int> refused = 0;
    std::atomic<int> told = 0;
    std::atomic<bool> entered = false;
    std::atomic<bool> leave = false;
    auto tell = [&](Status status) {
      if (!status && status.error().code == "write_queue_full") ++refused;
      ++told;
    };
    bed.db().submit(
        [&](Transaction&) -> Status {
          entered = true;
          entered.notify_all();
          leave.wait(false);
          return {};
        },
        tell);
    entered.wait(false);
    for (int i = 0; i < 5; ++i) bed.db().submit([](Transaction&) -> Status { return {}; }, tell);
    CHECK(bed.db().queue_depth() == 3);
    CHECK(refused == 2);
    leave = true;
    leave.notify_all();
    bed.db().close();
    CHECK(told == 6);
  });
}

TEST_CASE("two nodes that add to one number lose nothing") {
  contract::on_postgres({things}, [](Bed& bed) {
    REQUIRE(add(bed.db(), 1, "counter"));
    auto other = bed.another_node();
    auto work = [](Database& db) {
      for (int i = 0; i < 50; ++i) {
        // Read, then write: only serializable transactions make this right.
        auto added = db.write([](Transaction& tx) -> Result<std::int64_t> {
          TRY(auto value, tx.number("select flag from things where id = 1"));
          return tx.execute("update things set flag = $1 where id = 1", {value + 1});
        });
        CHECK(added);
      }
    };
    std::thread there([&] { work(*other); });
    work(bed.db());
    there.join();
    CHECK(bed.db().query([](Session& session) { return session.number("select flag from things"); }).value() == 100);
  });
}

TEST_CASE("a connection that the server ended is replaced") {
  contract::on_postgres({things}, [](Bed& bed) {
    REQUIRE(add(bed.db(), 1, "one"));
    CHECK(count(bed.db()) == 1);
    auto other = bed.another_node();
    auto ended = other->write([](Transaction& tx) -> Result<bool> {
      TRY_STATUS(
          tx.each("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                  " and application_name = 'answerable'",
                  {}, [](const Row&) {}));
      return true;
    });
    CHECK(ended);
    CHECK(add(bed.db(), 2, "two"));
    CHECK(count(bed.db()) == 2);
  });
}

TEST_CASE("a server that goes away in the middle of a job fails that job and not the next") {
  contract::on_postgres({things}, [](Bed& bed) {
    auto lost = bed.db().write([](Transaction& tx) -> Result<int> {
      TRY_STATUS(tx.execute("insert into things (id) values (1)"));
      TRY_STATUS(tx.each("select pg_terminate_backend(pg_backend_pid())", {}, [](const Row&) {}));
      return 1;
    });
    CHECK(lost.error().kind == ErrorKind::unavailable);
    CHECK(add(bed.db(), 2, "two"));
    CHECK(count(bed.db()) == 1);
  });
}

TEST_CASE("a commit whose answer is lost is said to be unknown, and the next job has a line again") {
  contract::on_lossy_postgres({things}, [](Bed& bed, contract::LossyLine& line) {
    line.lose_answer_to_commit();
    CHECK(add(bed.db(), 1, "one").error().code == "commit_unknown");
    CHECK(count(bed.db()) == 1);
    CHECK(add(bed.db(), 2, "two"));
    CHECK(count(bed.db()) == 2);
  });
}
