// A process that stores and says so, and is killed at any moment: what it said is stored, and no row has lost its blob.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <set>
#include <thread>
#include <vector>

#include "base/random.h"
#include "store/papers_test.h"
#include "store/testing.h"

extern char** environ;

using namespace answerable;
using namespace answerable::store;

namespace {

constexpr Migration rows_table[] = {
    {.name = "rows/0001", .sql = "create table rows (id bigint primary key, body text)"}};
constexpr const char* child_name = "the child that the test below kills";
constexpr const char* sweeping_child_name = "the sweeping child that the test below kills";
constexpr int said_descriptor = 9;  // of the child: the pipe to the test
constexpr const char* folder_variable = "ANSWERABLE_KILL_TEST_FOLDER";

std::unique_ptr<Database> open_at(const std::string& folder, const Clock& clock, Metrics& metrics) {
  auto db = Database::open({.location = folder + "/answerable.db", .checkpoint_pages = 20}, clock, metrics);
  REQUIRE_MESSAGE(db.has_value(), db.error().detail);
  REQUIRE((*db)->migrate(rows_table));
  REQUIRE((*db)->migrate(papers_schema));
  return *std::move(db);
}

struct Child {
  pid_t pid = 0;
  int acknowledged = -1;  // where it writes the number of each row that it was told is stored
};

std::unique_ptr<Blobs> blobs_at(const std::string& folder) {
  return open_blobs(folder + "/blobs", std::string(32, 'k')).value();
}

Child start_child(const std::string& folder, const char* name = child_name) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  ::setenv(folder_variable, folder.c_str(), 1);
  std::string filter = std::string("--test-case=") + name;
  std::string program = "/proc/self/exe";
  std::string no_skip = "--no-skip";
  char* arguments[] = {program.data(), filter.data(), no_skip.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], said_descriptor);
  Child child;
  REQUIRE(::posix_spawn(&child.pid, program.c_str(), &actions, nullptr, arguments, environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  ::unsetenv(folder_variable);
  ::close(ends[1]);
  child.acknowledged = ends[0];
  return child;
}

// Reads numbers until there are `count` (then kills) and on to the end of what was said.
std::set<std::int64_t> kill_after(const Child& child, std::size_t count) {
  std::set<std::int64_t> numbers;
  std::int64_t number = 0;
  while (::read(child.acknowledged, &number, sizeof number) == sizeof number) {
    numbers.insert(number);
    if (numbers.size() == count) ::kill(child.pid, SIGKILL);
  }
  ::close(child.acknowledged);
  int status = 0;
  ::waitpid(child.pid, &status, 0);
  CHECK(WIFSIGNALED(status));
  return numbers;
}

}  // namespace

TEST_CASE("the child that the test below kills" * doctest::skip()) {
  const char* folder = std::getenv(folder_variable);
  if (!folder) return;
  SystemClock clock;
  Metrics metrics;
  auto db = open_at(folder, clock, metrics);
  auto first =
      db->query([](Session& session) { return session.number("select coalesce(max(id), 0) from rows"); }).value();
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 8; ++writer) {
    writers.emplace_back([&, writer] {
      for (auto id = first + 1 + writer;; id += 8) {
        auto stored = db->write([&](Transaction& tx) {
          return tx.execute("insert into rows (id, body) values ($1, $2)", {id, std::string(500, 'x')});
        });
        // One write of 8 bytes to a pipe is whole or not at all.
        if (stored && ::write(said_descriptor, &id, sizeof id) != sizeof id) return;
      }
    });
  }
  for (auto& writer : writers) writer.join();
}

TEST_CASE("a process that is killed at any moment has stored what it said, and starts again without help") {
  SystemClock clock;
  Metrics metrics;
  TemporaryFolder folder(true);
  std::set<std::int64_t> said;
  for (int round = 0; round < 12; ++round) {
    auto child = start_child(folder.path());
    said.merge(kill_after(child, 1 + random_below(400)));
    auto db = open_at(folder.path(), clock, metrics);
    std::set<std::int64_t> stored;
    const auto look = [](const Row& row) { CHECK(row.text(0) == "ok"); };
    auto read = db->read([&](Session& session) -> Status {
      TRY_STATUS(session.each("pragma integrity_check", {}, look));
      return session.each("select id from rows", {}, [&](const Row& row) { stored.insert(row.integer(0)); });
    });
    REQUIRE(read);
    for (auto id : said) REQUIRE(stored.contains(id));
  }
}

TEST_CASE("the sweeping child that the test below kills" * doctest::skip()) {
  const char* folder = std::getenv(folder_variable);
  if (!folder) return;
  SystemClock clock;
  Metrics metrics;
  auto db = open_at(folder, clock, metrics);
  auto blobs = blobs_at(folder);
  Papers papers(*db, *blobs, clock);
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 3; ++writer) {
    writers.emplace_back([&] {
      for (std::int64_t round = 0;; ++round) {
        papers.file(blobs->put("kept " + std::to_string(random_below(20))).value().digest);
        papers.work(1);
        if (::write(said_descriptor, &round, sizeof round) != sizeof round) return;
      }
    });
  }
  for (SweptBlobs swept; blobs->sweep(papers.sweep_of_all(), swept);) continue;
}

TEST_CASE("a process that is killed while it sweeps leaves no row without its blob") {
  SystemClock clock;
  Metrics metrics;
  TemporaryFolder folder(true);
  for (int round = 0; round < 8; ++round) {
    kill_after(start_child(folder.path(), sweeping_child_name), 1 + random_below(10));
    auto db = open_at(folder.path(), clock, metrics);
    auto blobs = blobs_at(folder.path());
    Papers papers(*db, *blobs, clock);
    CHECK(papers.dangling() == 0);
    CHECK(db->query([](Session& session) { return session.number("select count(*) from papers"); }).value() > 0);
  }
}
