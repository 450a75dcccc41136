#include "contract/engines.h"

#include <doctest/doctest.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string_view>

namespace answerable::contract {
namespace {

void on_sqlite(store::Schemas schemas, const std::function<void(Bed&)>& test) {
  INFO("engine: sqlite");
  store::TemporaryFolder folder;
  Bed bed(store::Engine::sqlite, folder.path() + "/answerable.db", schemas);
  test(bed);
}

// A schema that is dropped, with what it holds, at the end.
class TemporarySchema {
 public:
  explicit TemporarySchema(std::string server) : server_(std::move(server)) {
    static std::atomic<int> number = 0;
    name_ = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++number);
    command("create schema " + name_);
  }
  ~TemporarySchema() { command("drop schema " + name_ + " cascade"); }
  TemporarySchema(const TemporarySchema&) = delete;
  TemporarySchema& operator=(const TemporarySchema&) = delete;

  std::string location() const {
    if (server_.starts_with("postgres")) {
      auto separator = server_.find('?') == std::string::npos ? "?" : "&";
      return server_ + separator + "options=-c%20search_path%3D" + name_;
    }
    return server_ + " options='-c search_path=" + name_ + "'";
  }

 private:
  void command(const std::string& sql) {
    PGconn* connection = PQconnectdb(server_.c_str());
    PQsetNoticeProcessor(connection, [](void*, const char*) {}, nullptr);
    PGresult* result = PQexec(connection, sql.c_str());
    CHECK_MESSAGE(PQresultStatus(result) == PGRES_COMMAND_OK, PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
  }

  std::string server_, name_;
};

}  // namespace

Bed::Bed(store::Engine engine, std::string location, store::Schemas schemas) {
  options.engine = engine;
  options.location = std::move(location);
  reopen();
  for (auto schema : schemas) {
    auto migrated = database_->migrate(schema);
    REQUIRE_MESSAGE(migrated.has_value(), migrated.error().detail);
  }
}

std::unique_ptr<store::Database> Bed::another_node() {
  auto opened = store::Database::open(options, clock, metrics);
  REQUIRE_MESSAGE(opened.has_value(), opened.error().detail);
  return *std::move(opened);
}

void Bed::reopen() {
  database_.reset();
  database_ = another_node();
}

void on_postgres(store::Schemas schemas, const std::function<void(Bed&)>& test) {
  INFO("engine: postgres");
  if (const char* server = std::getenv("ANSWERABLE_TEST_POSTGRES"); server && *server) {
    TemporarySchema schema(server);
    Bed bed(store::Engine::postgres, schema.location(), schemas);
    test(bed);
    return;
  }
  const char* allowed = std::getenv("ANSWERABLE_ALLOW_NO_POSTGRES");
  if (allowed && std::string_view(allowed) == "1")
    MESSAGE("skipped: the PostgreSQL half, because ANSWERABLE_TEST_POSTGRES is not set");
  else
    FAIL_CHECK("ANSWERABLE_TEST_POSTGRES is not set: run under tests/lib/postgres.sh run");
}

void on_each_engine(store::Schemas schemas, const std::function<void(Bed&)>& test) {
  on_sqlite(schemas, test);
  on_postgres(schemas, test);
}

}  // namespace answerable::contract
