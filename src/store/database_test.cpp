#include "store/database.h"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "store/testing.h"

using namespace answerable;
using namespace answerable::store;

namespace {

constexpr Migration things[] = {
    {.name = "test/0001",
     .sql = "create table things (id bigint primary key, name text not null unique, data bytea, size double precision);"
            "create table parts (thing bigint not null references things (id));"}};

struct Fixture {
  FakeClock clock;
  Metrics metrics;
  TemporaryDatabase db = open_temporary(clock, metrics, {things});

  Result<std::int64_t> add(std::int64_t id, const std::string& name) {
    return db->write(
        [&](Transaction& tx) { return tx.execute("insert into things (id, name) values ($1, $2)", {id, name}); });
  }
  std::int64_t count() {
    return db->query([](Session& session) { return session.number("select count(*) from things"); }).value();
  }
};

// How often the log has started over: the checkpoint sequence number of its header (SQLite's file format, section 4.1).
std::uint32_t log_rounds(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<unsigned char, 16> header{};
  file.read(reinterpret_cast<char*>(header.data()), header.size());
  if (!file) return 0;
  return std::uint32_t{header[12]} << 24 | std::uint32_t{header[13]} << 16 | std::uint32_t{header[14]} << 8 |
         header[15];
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "what is written is read back with its type") {
  std::string blob("\0\1\2", 3);
  auto written = db->write([&](Transaction& tx) {
    return tx.execute("insert into things (id, name, data, size) values ($1, $2, $3, $4)",
                      {7, "seven", Bytes{blob}, 1.5});
  });
  REQUIRE(written.value() == 1);
  auto row = db->query([&](Session& session) {
    return session.find("select id, name, data, size, null from things where name = $1", {"seven"},
                        [](const Row& found) {
                          CHECK(found.integer(0) == 7);
                          CHECK(found.text(1) == "seven");
                          CHECK(found.real(3) == 1.5);
                          CHECK(found.is_null(4));
                          CHECK(found.integer(4) == 0);
                          return std::string(found.bytes(2));
                        });
  });
  CHECK(row.value() == blob);
}

TEST_CASE_FIXTURE(Fixture, "placeholders are bound by their number and not by their place") {
  auto answer = db->query([](Session& session) {
    return session.find("select $2, $1, $2", {"one", "two"},
                        [](const Row& row) { return row.string(0) + row.string(1) + row.string(2); });
  });
  CHECK(answer.value() == "twoonetwo");
}

TEST_CASE_FIXTURE(Fixture, "a job that fails is undone alone and the others of its group stay") {
  std::atomic<int> told = 0;
  std::atomic<int> failed = 0;
  constexpr int jobs = 200;
  for (int i = 0; i < jobs; ++i) {
    db->submit(
        [i](Transaction& tx) -> Status {
          TRY_STATUS(tx.execute("insert into things (id, name) values ($1, $2)", {i, "thing " + std::to_string(i)}));
          if (i % 10 == 3) return fail(ErrorKind::invalid, "not_wanted");
          return {};
        },
        [&](Status status) {
          if (!status) ++failed;
          ++told;
        });
  }
  db->close();
  CHECK(told == jobs);
  CHECK(failed == jobs / 10);
  auto reopened = Database::open({.location = db.folder() + "/answerable.db"}, clock, metrics).value();
  CHECK(reopened->query([](Session& session) { return session.number("select count(*) from things"); }).value() ==
        jobs - jobs / 10);
}

TEST_CASE_FIXTURE(Fixture, "a unique key and a foreign key that do not hold are told apart") {
  REQUIRE(add(1, "one"));
  CHECK(add(1, "other").error().code == "unique_violation");
  CHECK(add(2, "one").error().kind == ErrorKind::conflict);
  auto orphan = db->write([](Transaction& tx) { return tx.execute("insert into parts (thing) values ($1)", {99}); });
  CHECK(orphan.error().code == "foreign_key_violation");
}

TEST_CASE_FIXTURE(Fixture, "a job that goes on after a failed statement has failed") {
  REQUIRE(add(1, "one"));
  auto status = db->write([](Transaction& tx) -> Result<int> {
    [[maybe_unused]] auto ignored = tx.execute("insert into things (id, name) values ($1, $2)", {1, "one"});
    auto next = tx.execute("insert into things (id, name) values ($1, $2)", {2, "two"});
    CHECK(next.error().code == "unique_violation");
    return 1;
  });
  CHECK(status.error().code == "unique_violation");
  CHECK(count() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a read sees one snapshot however often it asks") {
  REQUIRE(add(1, "one"));
  auto seen = db->query([&](Session& session) -> Result<std::int64_t> {
    TRY(auto before, session.number("select count(*) from things"));
    std::thread([&] { CHECK(add(2, "two")); }).join();
    TRY(auto after, session.number("select count(*) from things"));
    CHECK(before == after);
    return after;
  });
  CHECK(seen.value() == 1);
  CHECK(count() == 2);
}

TEST_CASE_FIXTURE(Fixture, "a read cannot write") {
  auto answer = db->query([](Session& session) -> Result<int> {
    TRY_STATUS(session.each("insert into things (id, name) values (1, 'x')", {}, [](const Row&) {}));
    return 1;
  });
  CHECK(answer.error().code == "database_read_only");
  CHECK(count() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a statement may run inside its own row callback") {
  for (int i = 0; i < 3; ++i) REQUIRE(add(i, std::to_string(i)));
  int pairs = 0;
  auto count_pairs = [&](Session& session) -> Result<int> {
    const auto all = [&session](const std::function<void(const Row&)>& row) {
      return session.each("select id from things", {}, row);
    };
    TRY_STATUS(all([&](const Row&) { CHECK(all([&](const Row&) { ++pairs; })); }));
    return pairs;
  };
  CHECK(db->query(count_pairs).value() == 9);
}

TEST_CASE_FIXTURE(Fixture, "migrations run once, and an edited or unknown one is refused") {
  CHECK(db->migrate(things));
  constexpr Migration edited[] = {{.name = "test/0001", .sql = "create table other (id bigint)"}};
  CHECK(db->migrate(edited).error().code == "migration_changed");
  constexpr Migration older[] = {{.name = "test/0000", .sql = "create table old (id bigint)"}};
  CHECK(db->migrate(older).error().code == "database_newer");
  constexpr Migration elsewhere[] = {{.name = "elsewhere/0001", .sql = "create table old (id bigint)"}};
  CHECK(db->migrate(elsewhere));
}

TEST_CASE_FIXTURE(Fixture, "a migration that fails leaves nothing behind") {
  constexpr Migration broken[] = {{.name = "broken/0001", .sql = "create table half (id bigint); create nonsense"}};
  CHECK(db->migrate(broken).error().code == "wrong_sql");
  constexpr Migration fixed[] = {{.name = "broken/0001", .sql = "create table half (id bigint)"}};
  CHECK(db->migrate(fixed));
}

TEST_CASE_FIXTURE(Fixture, "a database in use cannot be opened again for writing, but for reading") {
  REQUIRE(add(1, "one"));
  DatabaseOptions options{.location = db.folder() + "/answerable.db"};
  auto second = Database::open(options, clock, metrics);
  REQUIRE(!second);
  CHECK(second.error().code == "database_in_use");
  CHECK(second.error().detail.find(std::to_string(::getpid())) != std::string::npos);
  options.read_only = true;
  auto reader = Database::open(options, clock, metrics).value();
  CHECK(reader->query([](Session& session) { return session.number("select count(*) from things"); }).value() == 1);
  auto refused = reader->write([](Transaction& tx) { return tx.execute("delete from things"); });
  CHECK(refused.error().code == "database_read_only");
}

TEST_CASE_FIXTURE(Fixture, "after closing, jobs and reads are refused and nothing submitted before is lost") {
  for (int i = 0; i < 50; ++i) {
    db->submit(
        [i](Transaction& tx) -> Status {
          TRY_STATUS(tx.execute("insert into things (id, name) values ($1, $2)", {i, std::to_string(i)}));
          return {};
        },
        [](Status status) { CHECK(status); });
  }
  db->close();
  CHECK(add(100, "late").error().code == "shutting_down");
  CHECK(db->read([](Session&) -> Status { return {}; }).error().code == "shutting_down");
  auto reopened = Database::open({.location = db.folder() + "/answerable.db"}, clock, metrics).value();
  CHECK(reopened->query([](Session& session) { return session.number("select count(*) from things"); }).value() == 50);
}

// How long it gets depends on how long readers are kept from their processor; that it starts over does not.
TEST_CASE("the write-ahead log starts over and over although somebody is always reading") {
  FakeClock clock;
  Metrics metrics;
  auto db = open_temporary(clock, metrics, {things}, {.checkpoint_pages = 20});
  std::atomic<bool> stop = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) CHECK(db->query([](Session& session) { return session.number("select count(*) from things"); }));
    });
  }
  const auto log = db.folder() + "/answerable.db-wal";
  const auto first = log_rounds(log);
  for (int i = 0; i < 20'000 && log_rounds(log) < first + 3; ++i) {
    auto written = db->write([&](Transaction& tx) {
      return tx.execute("insert into things (id, name) values ($1, $2)",
                        {i, std::string(1'000, 'x') + std::to_string(i)});
    });
    REQUIRE(written);
  }
  stop = true;
  for (auto& reader : readers) reader.join();
  CHECK(log_rounds(log) >= first + 3);
}

TEST_CASE("a log that is copied while it is written, and starts over again and again, loses nothing") {
  FakeClock clock;
  Metrics metrics;
  constexpr int writers = 4;
  constexpr int rows = 50;  // of a writer, each on pages that all of them write
  constexpr int rounds = 20;
  auto db = open_temporary(clock, metrics, {things}, {.checkpoint_pages = 4});
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      for (int i = 0; i < rows * rounds; ++i) {
        auto written = db->write([&](Transaction& tx) {
          return tx.execute(
              "insert into things (id, name, size) values ($1, $2, 1) on conflict (id) do update set size = "
              "things.size + 1",
              {i % rows * writers + writer, std::to_string(i % rows * writers + writer) + std::string(700, 'x')});
        });
        CHECK(written);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  db->close();
  auto reopened = Database::open({.location = db.folder() + "/answerable.db"}, clock, metrics).value();
  const auto is_whole = [](const Row& row) { CHECK(row.text(0) == "ok"); };
  auto whole = reopened->read([&](Session& session) -> Status {
    TRY_STATUS(session.each("pragma integrity_check", {}, is_whole));
    return session.each("select count(*), min(size), max(size) from things", {}, [=](const Row& row) {
      CHECK(row.integer(0) == writers * rows);
      CHECK(row.real(1) == rounds);
      CHECK(row.real(2) == rounds);
    });
  });
  CHECK(whole);
}
