// Runs one test on both engines, each time on a fresh, migrated database. SQLite lives in a temporary folder,
// PostgreSQL in a schema of its own in the database of ANSWERABLE_TEST_POSTGRES (tests/lib/postgres.sh sets it).
// Without that variable the test fails, unless ANSWERABLE_ALLOW_NO_POSTGRES=1 says that half a test is meant.
//
//   TEST_CASE("…") {
//     contract::on_each_engine({cluster::schema()}, [](contract::Bed& bed) { bed.db().write(…); });
//   }
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "store/database.h"
#include "store/testing.h"

namespace answerable::contract {

class Bed {
 public:
  // `location` as in DatabaseOptions.
  Bed(store::Engine engine, std::string location, store::Schemas schemas);
  Bed(const Bed&) = delete;
  Bed& operator=(const Bed&) = delete;

  store::Engine engine() const { return options.engine; }
  store::Database& db() { return *database_; }
  // A second program on the same database: only PostgreSQL allows it.
  std::unique_ptr<store::Database> another_node();
  void close() { database_.reset(); }
  // Closes the database and opens it with `options` as they are now.
  void reopen();

  FakeClock clock;
  Metrics metrics;
  store::DatabaseOptions options;

 private:
  std::unique_ptr<store::Database> database_;
};

// Fails the running doctest case when there is no PostgreSQL and none was allowed to be missing.
void on_each_engine(store::Schemas schemas, const std::function<void(Bed&)>& test);
void on_postgres(store::Schemas schemas, const std::function<void(Bed&)>& test);

}  // namespace answerable::contract
