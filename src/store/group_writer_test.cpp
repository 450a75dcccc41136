#include "store/group_writer.h"

#include <doctest/doctest.h>

#include <functional>
#include <latch>
#include <map>
#include <optional>

#include "store/bulk.h"
#include "store/sums.h"
#include "store/testing.h"

namespace answerable::store {
namespace {

constexpr Migration migrations[] = {{.name = "test/0001", .sql = "create table t (n bigint primary key)"}};

// A writer that is kept busy until release(), so that all that is submitted meanwhile waits for it.
struct Bed {
  FakeClock clock;
  Metrics metrics;
  TemporaryDatabase db = open_temporary(clock, metrics, {migrations});
  std::optional<BusyWriter> busy{*db};

  // In bulk: `count` rows, of the numbers from `first`.
  void submit_rows(std::int64_t first, std::int64_t count, std::latch& done) {
    for (std::int64_t n = first; n < first + count; ++n)
      submit_bulk(
          *db, [n](Transaction& tx) { return insert(tx, n); },
          [&done](const Status& status) {
            CHECK(status.has_value());
            done.count_down();
          });
  }
  static Status insert(Transaction& tx, std::int64_t n) {
    TRY_STATUS(tx.execute("insert into t (n) values ($1)", {n}));
    return {};
  }
  static Result<std::int64_t> rows(Session& session) { return session.number("select count(*) from t"); }
};

TEST_CASE("what somebody waits for goes before what came in bulk, however much of that waits") {
  Bed bed;
  std::latch stored(1'000), answered(1);
  bed.submit_rows(0, 1'000, stored);
  std::int64_t before = -1;
  bed.db->submit(
      [&before](Transaction& tx) -> Status {
        TRY(before, Bed::rows(tx));
        return {};
      },
      [&answered](const Status&) { answered.count_down(); });
  bed.busy.reset();
  answered.wait();
  CHECK(before == 0);
  stored.wait();
  CHECK(bed.db->query(Bed::rows).value() == 1'000);
}

TEST_CASE("a commit takes in bulk what fits, and beside others so much as they can bear") {
  Bed bed;
  std::latch stored(1'000);
  auto& commits = bed.metrics.counter("answerable_store_commits_total", "Commits, each with one sync");
  std::map<std::uint64_t, std::size_t> of_commit;  // written by the writer thread
  for (std::int64_t n = 0; n < 1'000; ++n)
    submit_bulk(
        *bed.db, [n](Transaction& tx) { return Bed::insert(tx, n); },
        [&](const Status&) {
          ++of_commit[commits.value()];
          stored.count_down();
        });
  bed.db->submit([](Transaction&) -> Status { return {}; }, [](const Status&) {});
  bed.busy.reset();
  stored.wait();
  REQUIRE(of_commit.size() == 3);
  CHECK(of_commit.begin()->second == GroupWriter::bulk_beside);
  CHECK(std::next(of_commit.begin())->second == static_cast<std::size_t>(DatabaseOptions().group_max));
}

TEST_CASE("what came in bulk gets on although somebody always waits") {
  Bed bed;
  std::latch stored(200), ended(1);
  bed.submit_rows(0, 200, stored);
  constexpr int rounds_max = 1'000;
  int rounds = 0;
  std::function<void(const Status&)> again = [&](const Status&) {
    if (stored.try_wait() || ++rounds == rounds_max) return ended.count_down();
    bed.db->submit([](Transaction&) -> Status { return {}; }, again);
  };
  again({});
  bed.busy.reset();
  ended.wait();
  CHECK(rounds < rounds_max);
  stored.wait();
}

TEST_CASE("what the jobs of a commit add up is written once, and not for those that failed") {
  Bed bed;
  int writes = 0;
  auto add = [&](std::int64_t n, bool should_fail, std::latch& done) {
    bed.db->submit(
        [n, should_fail, &writes](Transaction& tx) -> Status {
          add_up("t", {1, n}, [n, &writes](Transaction& last, const Amounts& sum) {
            ++writes;
            CHECK(sum[0] == 3);
            CHECK(n == 4);  // of the last one
            return Bed::insert(last, sum[1]);
          });
          TRY_STATUS(Bed::insert(tx, 100 + n));
          return should_fail ? fail(ErrorKind::invalid, "no", "No.") : Status();
        },
        [&done](const Status&) { done.count_down(); });
  };
  std::latch done(4);
  add(1, false, done);
  add(2, false, done);
  add(3, true, done);
  add(4, false, done);
  bed.busy.reset();
  done.wait();
  CHECK(writes == 1);
  auto highest = [](Session& session) { return session.number("select max(n) from t where n < 100"); };
  CHECK(bed.db->query(Bed::rows).value() == 4);
  CHECK(bed.db->query(highest).value() == 1 + 2 + 4);
}

TEST_CASE("when what was added up cannot be written, nothing of the commit is believed") {
  Bed bed;
  std::latch done(1);
  std::string code;
  bed.db->submit(
      [](Transaction& tx) -> Status {
        add_up("t", {1}, [](Transaction& last, const Amounts&) { return Bed::insert(last, 1); });
        return Bed::insert(tx, 1);
      },
      [&](const Status& status) {
        code = status ? "" : status.error().code;
        done.count_down();
      });
  bed.busy.reset();
  done.wait();
  CHECK(code == "unique_violation");
  CHECK(bed.db->query(Bed::rows).value() == 0);
}

}  // namespace
}  // namespace answerable::store
