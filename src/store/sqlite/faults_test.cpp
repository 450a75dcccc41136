// SQLite on a disk that fails: a VFS that passes everything on to the real one until it is told to fail.
#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "store/sqlite/vfs_test.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::store;

namespace {

struct Faults {
  std::atomic<int> operations_left = -1;  // writes and syncs that still succeed; -1: all
  std::atomic<int> failure = SQLITE_IOERR_WRITE;
  std::atomic<bool> only_syncs = false;
  std::atomic<int> failed = 0;

  void clear() {
    operations_left = -1;
    failed = 0;
  }
  int next(bool is_sync) {
    if (operations_left < 0 || (only_syncs && !is_sync)) return SQLITE_OK;
    for (int left = operations_left; left > 0;) {  // the log is copied on a thread of its own
      if (operations_left.compare_exchange_weak(left, left - 1)) return SQLITE_OK;
    }
    ++failed;
    return is_sync && failure != SQLITE_FULL ? SQLITE_IOERR_FSYNC : failure.load();
  }
};
Faults faults;

std::string faulty_vfs() {
  testing_vfs::before = [](testing_vfs::Asked asked) { return faults.next(asked.is_sync); };
  return testing_vfs::name();
}

constexpr Migration rows_table[] = {
    {.name = "rows/0001", .sql = "create table rows (id bigint primary key, body text)"}};

struct Fixture {
  FakeClock clock;
  Metrics metrics;
  TemporaryFolder folder;
  std::atomic<int> fatal = 0;
  DatabaseOptions options{.location = folder.path() + "/answerable.db",
                          .on_fatal = [this](const Error&) { ++fatal; },
                          .checkpoint_pages = 5};
  std::unique_ptr<Database> db;

  Fixture() { open(true); }
  ~Fixture() { faults.clear(); }

  void open(bool is_faulty) {
    faults.clear();
    options.sqlite_vfs = is_faulty ? faulty_vfs() : "";
    db.reset();
    db = Database::open(options, clock, metrics).value();
    REQUIRE(db->migrate(rows_table));
  }
  Status add(std::int64_t id) {
    auto added = db->write([&](Transaction& tx) {
      return tx.execute("insert into rows (id, body) values ($1, $2)", {id, std::string(3'000, 'x')});
    });
    if (!added) return std::unexpected(added.error());
    return {};
  }
  std::set<std::int64_t> stored() {
    std::set<std::int64_t> ids;
    const auto look = [](const Row& row) { CHECK(row.text(0) == "ok"); };
    auto read = db->read([&](Session& session) -> Status {
      TRY_STATUS(session.each("pragma integrity_check", {}, look));
      return session.each("select id from rows", {}, [&](const Row& row) { ids.insert(row.integer(0)); });
    });
    CHECK(read);
    return ids;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "after a failed sync nothing is acknowledged any more, and what was is there after a restart") {
  REQUIRE(add(1));
  faults.only_syncs = true;
  faults.operations_left = 0;
  auto failed = add(2);
  CHECK(failed.error().kind == ErrorKind::unavailable);
  CHECK(failed.error().code == "storage_failed");
  faults.clear();  // the disk says that all is well again: that is not to be believed
  CHECK(add(3).error().code == "storage_failed");
  db->close();
  CHECK(fatal == 1);
  open(false);
  auto ids = stored();
  CHECK(ids.contains(1));
  CHECK(!ids.contains(3));
  CHECK(add(4));
}

TEST_CASE_FIXTURE(Fixture, "every job of a group whose sync fails is told once, on a disk that fails while many wait") {
  faults.only_syncs = true;
  faults.operations_left = 3;
  std::atomic<int> told = 0;
  std::atomic<int> acknowledged = 0;
  constexpr int jobs = 2'000;
  for (int i = 0; i < jobs; ++i) {
    db->submit(
        [i](Transaction& tx) -> Status {
          TRY_STATUS(tx.execute("insert into rows (id) values ($1)", {i}));
          return {};
        },
        [&](Status status) {
          ++told;
          if (status) ++acknowledged;
        });
  }
  db->close();
  CHECK(told == jobs);
  CHECK(fatal == 1);
  open(false);
  CHECK(static_cast<int>(stored().size()) >= acknowledged);
}

TEST_CASE_FIXTURE(Fixture, "a full disk refuses and stores nothing of what it refused, until there is space again") {
  REQUIRE(add(1));
  faults.only_syncs = false;
  faults.failure = SQLITE_FULL;
  faults.operations_left = 0;
  for (int id = 2; id < 5; ++id) {
    auto refused = add(id);
    CHECK(refused.error().kind == ErrorKind::limited);
    CHECK(refused.error().code == "storage_full");
  }
  CHECK(stored() == std::set<std::int64_t>{1});
  faults.clear();
  CHECK(add(5));
  CHECK(fatal == 0);
  CHECK(stored() == std::set<std::int64_t>{1, 5});
  open(false);
  CHECK(stored() == std::set<std::int64_t>{1, 5});
}

TEST_CASE_FIXTURE(Fixture, "whichever write or sync fails, what was acknowledged is stored and the database is whole") {
  constexpr int writes = 12;
  std::int64_t next = 0;
  for (int code : {SQLITE_IOERR_WRITE, SQLITE_FULL}) {
    bool any_failed = true;
    for (int operation = 0; any_failed; ++operation) {
      REQUIRE(operation < 1'000);
      open(true);
      auto before = stored();
      faults.only_syncs = false;
      faults.failure = code;
      faults.operations_left = operation;
      std::set<std::int64_t> acknowledged;
      std::set<std::int64_t> tried;
      for (int i = 0; i < writes; ++i) {
        tried.insert(++next);
        if (add(next)) acknowledged.insert(next);
      }
      any_failed = faults.failed > 0;
      open(false);
      auto after = stored();
      for (auto id : before) CHECK(after.contains(id));
      for (auto id : acknowledged) CHECK(after.contains(id));
      for (auto id : after) CHECK((before.contains(id) || tried.contains(id)));
      REQUIRE(db->write([](Transaction& tx) { return tx.execute("delete from rows"); }));
    }
  }
}
