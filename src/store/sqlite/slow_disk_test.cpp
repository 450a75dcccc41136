// A disk that takes long to copy the log into the database file: commits go on, up to a length of the log.
#include <doctest/doctest.h>
#include <pthread.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>
#include <string_view>

#include "store/sqlite/checkpointer.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/vfs_test.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::store;

namespace {

// What the thread that copies the log writes to the database file waits before a gate, as long as it is shut. The
// writer, which copies too when it has nothing else to do, does not.
class Gate {
 public:
  Gate() {
    testing_vfs::before = [this](testing_vfs::Asked asked) {
      if (asked.is_database && is_copier()) pass();
      return SQLITE_OK;
    };
  }
  ~Gate() {
    open();
    testing_vfs::before = nullptr;
  }
  void shut() {
    std::lock_guard lock(mutex_);
    is_open_ = false;
  }
  void open() {
    std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  void wait_for_somebody() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }

 private:
  static bool is_copier() {
    std::array<char, 16> name{};
    pthread_getname_np(pthread_self(), name.data(), name.size());
    return std::string_view(name.data()) == "db-checkpoint";
  }
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
    --waiting_;
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = true;
  int waiting_ = 0;
};

constexpr Migration rows_table[] = {
    {.name = "rows/0001", .sql = "create table rows (id bigint primary key, body text)"}};
constexpr auto long_enough = std::chrono::milliseconds(300);  // for what must not happen to happen

}  // namespace

TEST_CASE("wait() returns when the pass at hand has ended, with what it has done, and at once when there is none") {
  TemporaryFolder folder;
  const auto location = folder.path() + "/answerable.db";
  Gate gate;
  ConnectionHandle writer;
  REQUIRE(open_connection(location, testing_vfs::name(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, writer) ==
          SQLITE_OK);
  constexpr auto rows = "pragma journal_mode=wal; pragma wal_autocheckpoint=0; create table rows (body text)";
  REQUIRE(sqlite3_exec(writer.get(), rows, nullptr, nullptr, nullptr) == SQLITE_OK);
  Checkpointer beside(location, testing_vfs::name());
  beside.wait();
  gate.shut();
  beside.start_pass(3);
  gate.wait_for_somebody();
  auto waited = std::async(std::launch::async, [&] { beside.wait(); });
  CHECK(waited.wait_for(long_enough) == std::future_status::timeout);
  CHECK(beside.is_running());
  gate.open();
  waited.get();
  CHECK_FALSE(beside.is_running());
  CHECK(beside.last()->round == 3);
  CHECK(beside.last()->copied_pages > 0);
}

TEST_CASE("a writer that is faster than the disk waits when the log has sixteen times its usual length") {
  constexpr int usual_pages = 5;
  constexpr int rows = 400;  // at least a page each: many times as much as the log may hold
  FakeClock clock;
  Metrics metrics;
  TemporaryFolder folder;
  Gate gate;
  DatabaseOptions options{
      .location = folder.path() + "/answerable.db", .checkpoint_pages = usual_pages, .sqlite_vfs = testing_vfs::name()};
  auto db = Database::open(options, clock, metrics).value();
  REQUIRE(db->migrate(rows_table));
  gate.shut();
  auto writing = std::async(std::launch::async, [&] {
    for (std::int64_t id = 0; id < rows; ++id)
      REQUIRE(db->write([&](Transaction& tx) {
        return tx.execute("insert into rows (id, body) values ($1, $2)", {id, std::string(3'000, 'x')});
      }));
  });
  gate.wait_for_somebody();
  const auto log_pages = [&] {
    std::error_code failed;
    const auto bytes = std::filesystem::file_size(options.location + "-wal", failed);
    return failed ? std::uintmax_t{0} : bytes / (4'096 + 24);
  };
  constexpr std::uintmax_t patience = 16 * usual_pages;
  constexpr std::uintmax_t last_commit = 8;  // what one insert writes at most
  while (log_pages() < patience) std::this_thread::yield();
  CHECK(writing.wait_for(long_enough) == std::future_status::timeout);
  CHECK(log_pages() <= patience + last_commit);
  gate.open();
  writing.get();
  CHECK(db->query([](Session& session) { return session.number("select count(*) from rows"); }).value() == rows);
}
