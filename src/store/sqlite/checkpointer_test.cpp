#include "store/sqlite/checkpointer.h"

#include <doctest/doctest.h>

#include <thread>

#include "store/sqlite/connection.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::store;

namespace {

// A database in WAL mode with an open log that nobody else copies.
struct Fixture {
  TemporaryFolder folder;
  std::string location = folder.path() + "/answerable.db";
  ConnectionHandle writer;

  Fixture() {
    REQUIRE(open_connection(location, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, writer) == SQLITE_OK);
    run("pragma journal_mode=wal; pragma wal_autocheckpoint=0; create table rows (id integer primary key, body text)");
  }
  void run(const char* sql) { REQUIRE(sqlite3_exec(writer.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK); }
  static Checkpointer::Pass pass(Checkpointer& checkpointer, std::uint64_t round) {
    checkpointer.start_pass(round);
    while (checkpointer.is_running()) std::this_thread::yield();
    return checkpointer.last().value();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a pass copies what the writer has committed, and nothing is left for the writer") {
  run("insert into rows (body) values (hex(zeroblob(20000)))");
  Checkpointer beside(location, "");
  auto first = pass(beside, 7);
  CHECK(first.round == 7);
  CHECK(first.copied_pages > 0);
  auto left = copy_log(writer.get(), SQLITE_CHECKPOINT_PASSIVE).value();
  REQUIRE(left);
  CHECK(left->all == first.copied_pages);
  CHECK(left->copied == first.copied_pages);
}

TEST_CASE_FIXTURE(Fixture, "while a reader needs the old pages a pass copies only what was there before it") {
  Checkpointer beside(location, "");
  ConnectionHandle reader;
  REQUIRE(open_connection(location, "", SQLITE_OPEN_READONLY, reader) == SQLITE_OK);
  REQUIRE(sqlite3_exec(reader.get(), "begin; select count(*) from rows", nullptr, nullptr, nullptr) == SQLITE_OK);
  run("insert into rows (body) values (hex(zeroblob(20000)))");
  auto held = pass(beside, 1).copied_pages;
  REQUIRE(sqlite3_exec(reader.get(), "commit", nullptr, nullptr, nullptr) == SQLITE_OK);
  CHECK(pass(beside, 1).copied_pages > held);
}

TEST_CASE_FIXTURE(Fixture, "a database that cannot be opened is tried again with the next pass") {
  Checkpointer beside(folder.path() + "/missing/answerable.db", "");
  CHECK(pass(beside, 1).copied_pages == 0);
  CHECK(pass(beside, 1).copied_pages == 0);
}
