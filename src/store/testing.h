// A fresh database for tests: SQLite in a temporary folder that goes away with it. Everything is real but the disk,
// which is memory (/dev/shm) where the machine has it.
#pragma once

#include <initializer_list>
#include <latch>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "store/database.h"

namespace answerable::store {

// A folder that is removed, with what it holds, at the end.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(bool on_disk = false);
  ~TemporaryFolder();
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class TemporaryDatabase {
 public:
  TemporaryDatabase(TemporaryFolder folder, std::unique_ptr<Database> database)
      : folder_(std::move(folder)), database_(std::move(database)) {}
  Database& operator*() const { return *database_; }
  Database* operator->() const { return database_.get(); }
  const std::string& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
};

// Keeps a database's writer busy as long as it lives: what is submitted meanwhile waits.
class BusyWriter {
 public:
  explicit BusyWriter(Database& database);  // returns when it is busy
  ~BusyWriter();
  BusyWriter(const BusyWriter&) = delete;
  BusyWriter& operator=(const BusyWriter&) = delete;
  // Blocks until somebody waits for the writer.
  void wait_for_company() const;

 private:
  Database& database_;
  std::latch begun_{1}, free_{1}, done_{1};
};

// Puts a database with these migrations and nothing in it at `path`: a copy of one that is made at the first call, for
// the migrations of all folders take longer than most tests. One thread at a time.
void put_migrated(const std::string& path, std::span<const Migration> migrations);

using Schemas = std::initializer_list<std::span<const Migration>>;

// store::open_temporary(clock, metrics, {cluster::schema(), audit::schema()}): aborts when it cannot.
// Of `options`, the engine and the location are set here.
TemporaryDatabase open_temporary(const Clock& clock, Metrics& metrics, Schemas schemas, DatabaseOptions options = {});

}  // namespace answerable::store
