// Durable inserts of a 1 KB row: through Database::submit from 64 producers that each wait for their answer, against
// SQLite alone (same table, same group size, one thread, nothing else) and against bare fdatasync, all in one run on
// one disk. The target of the comparison: submit >= 80 % of SQLite alone at the same rows per sync.
//   bench_store_commit [seconds per part] [folder]
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "base/ensure.h"
#include "base/log.h"
#include "mark.h"
#include "store/database.h"

using namespace answerable;
using Clock_ = std::chrono::steady_clock;

namespace {

constexpr std::string_view table = "create table rows (id bigint primary key, body bytea not null)";
constexpr store::Migration schema[] = {{.name = "bench/0001", .sql = table}};
const std::string body(1'024, 'b');

double seconds_since(Clock_::time_point start) { return std::chrono::duration<double>(Clock_::now() - start).count(); }

struct Figures {
  double rows_per_s = 0, rows_per_sync = 0, processor_us = 0, p50_ms = 0, p99_ms = 0;
};

void print(std::string_view name, const Figures& f) {
  fmt::print("{:<44} {:>9.0f} rows/s  {:>6.1f} rows/sync  {:>6.1f} us processor/row", name, f.rows_per_s,
             f.rows_per_sync, f.processor_us);
  if (f.p50_ms > 0) fmt::print("  p50 {:.2f} ms  p99 {:.2f} ms", f.p50_ms, f.p99_ms);
  fmt::print("\n");
}

Figures through_submit(const std::string& file, int producers, double duration_s, bool some_fail) {
  SystemClock clock;
  Metrics metrics;
  auto db = store::Database::open({.location = file}, clock, metrics).value();
  ensure(db->migrate(schema).has_value(), "migrate");
  auto& commits = metrics.counter("answerable_store_commits_total", "");
  auto commits_before = commits.value();
  std::atomic<std::int64_t> next = 0;
  std::atomic<std::int64_t> rows = 0;
  std::vector<std::vector<double>> latencies(static_cast<std::size_t>(producers));
  auto start = Clock_::now();
  auto processor = now().cpu_s;
  std::vector<std::thread> threads;
  for (int p = 0; p < producers; ++p) {
    threads.emplace_back([&, p] {
      while (seconds_since(start) < duration_s) {
        auto id = ++next;
        auto asked = Clock_::now();
        auto done = db->write([&](store::Transaction& tx) -> Result<int> {
          TRY_STATUS(tx.execute("insert into rows (id, body) values ($1, $2)", {id, store::Bytes{body}}));
          if (some_fail && id % 20 == 0) return fail(ErrorKind::invalid, "on_purpose");
          return 1;
        });
        latencies[static_cast<std::size_t>(p)].push_back(seconds_since(asked) * 1e3);
        if (done) ++rows;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  auto took = seconds_since(start);
  std::vector<double> all;
  for (const auto& list : latencies) all.insert(all.end(), list.begin(), list.end());
  std::sort(all.begin(), all.end());
  auto count = static_cast<double>(rows.load());
  return {count / took, count / static_cast<double>(commits.value() - commits_before),
          (now().cpu_s - processor) * 1e6 / count, all[all.size() / 2], all[all.size() * 99 / 100]};
}

void run(sqlite3* db, const char* sql) { ensure(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql); }

Figures sqlite_alone(const std::string& file, int group, double duration_s) {
  sqlite3* db = nullptr;
  ensure(sqlite3_open(file.c_str(), &db) == SQLITE_OK, "open");
  run(db, "pragma journal_mode=wal; pragma synchronous=full; pragma wal_autocheckpoint=2000; pragma cache_size=-8192");
  run(db, std::string(table).c_str());
  sqlite3_stmt* insert = nullptr;
  ensure(sqlite3_prepare_v2(db, "insert into rows (id, body) values (?1, ?2)", -1, &insert, nullptr) == SQLITE_OK,
         "prepare");
  std::int64_t rows = 0;
  std::int64_t commits = 0;
  auto start = Clock_::now();
  auto processor = now().cpu_s;
  while (seconds_since(start) < duration_s) {
    run(db, "begin immediate");
    for (int i = 0; i < group; ++i) {
      sqlite3_bind_int64(insert, 1, ++rows);
      sqlite3_bind_blob(insert, 2, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
      ensure(sqlite3_step(insert) == SQLITE_DONE, "insert");
      sqlite3_reset(insert);
    }
    run(db, "commit");
    ++commits;
  }
  auto took = seconds_since(start);
  sqlite3_finalize(insert);
  sqlite3_close(db);
  auto count = static_cast<double>(rows);
  return {count / took, count / static_cast<double>(commits), (now().cpu_s - processor) * 1e6 / count, 0, 0};
}

double syncs_per_second(const std::string& file, double duration_s) {
  int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT, 0600);
  int syncs = 0;
  auto start = Clock_::now();
  for (; seconds_since(start) < duration_s; ++syncs) {
    ensure(::pwrite(descriptor, body.data(), body.size(), syncs * 4'096L) > 0 && ::fdatasync(descriptor) == 0, "sync");
  }
  ::close(descriptor);
  return syncs / seconds_since(start);
}

// The parts take turns, so that what else the machine does falls on all of them; the middle of the rounds counts.
Figures middle(std::vector<Figures> list) {
  std::ranges::sort(list, {}, &Figures::rows_per_s);
  return list[list.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  log::configure(log::Level::error, log::Format::text);
  auto seconds = argc > 1 ? std::atof(argv[1]) : 2.0;
  std::string folder = (argc > 2 ? std::string(argv[2]) : std::string("/var/tmp")) + "/answerable-bench-XXXXXX";
  ensure(::mkdtemp(folder.data()) != nullptr, "temporary folder");
  constexpr int rounds = 5;
  fmt::print("durable inserts of a 1 KB row; middle of {} rounds of {} s each, in {}\n", rounds, seconds, folder);
  std::vector<double> syncs;
  std::vector<Figures> many, few, failing, alone;
  for (int round = 0; round < rounds; ++round) {
    auto file = [&](const char* name) { return folder + "/" + name + std::to_string(round); };
    syncs.push_back(syncs_per_second(file("raw"), seconds / 2));
    many.push_back(through_submit(file("many"), 64, seconds, false));
    auto group = std::max(1, static_cast<int>(many.back().rows_per_sync));
    alone.push_back(sqlite_alone(file("alone"), group, seconds));
    few.push_back(through_submit(file("few"), 16, seconds, false));
    failing.push_back(through_submit(file("failing"), 64, seconds, true));
  }
  std::ranges::sort(syncs);
  fmt::print("{:<44} {:>9.0f} /s\n", "append 1 KB + fdatasync, nothing else", syncs[rounds / 2]);
  print("SQLite alone, one thread, same group size", middle(alone));
  print("Database::write, 64 producers", middle(many));
  print("Database::write, 64 producers, 5 % fail", middle(failing));
  print("Database::write, 16 producers", middle(few));
  fmt::print("Database::write from 64 producers reaches {:.0f} % of SQLite alone\n",
             100 * middle(many).rows_per_s / middle(alone).rows_per_s);
  std::filesystem::remove_all(folder);
}
