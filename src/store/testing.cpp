#include "store/testing.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <thread>
#include <vector>

#include "base/ensure.h"

namespace answerable::store {

TemporaryFolder::TemporaryFolder(bool on_disk) {
  bool in_memory = !on_disk && ::access("/dev/shm", W_OK) == 0;
  path_ =
      (in_memory ? std::string("/dev/shm") : std::filesystem::temp_directory_path().string()) + "/answerable-XXXXXX";
  ensure(::mkdtemp(path_.data()) != nullptr, "cannot create a temporary folder");
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

BusyWriter::BusyWriter(Database& database) : database_(database) {
  database_.submit(
      [this, is_first = true](Transaction&) mutable -> Status {
        if (is_first) begun_.count_down();
        is_first = false;
        free_.wait();
        return {};
      },
      [this](const Status&) { done_.count_down(); });
  begun_.wait();
}

BusyWriter::~BusyWriter() {
  free_.count_down();
  done_.wait();
}

void BusyWriter::wait_for_company() const {
  while (database_.queue_depth() == 0) std::this_thread::yield();
}

void put_migrated(const std::string& path, std::span<const Migration> migrations) {
  static const TemporaryFolder folder;
  static std::map<std::string, std::string> made;
  std::string key;
  for (const auto& one : migrations) key.append(one.name).append(one.sql).append(one.sqlite_only);
  auto& model = made[key];
  if (model.empty()) {
    model = folder.path() + "/" + std::to_string(made.size()) + ".db";
    const SystemClock clock;
    Metrics metrics;
    auto database = Database::open({.location = model}, clock, metrics);
    if (!database) ensure(false, database.error().code + ": " + database.error().detail);
    auto migrated = (*database)->migrate(migrations);
    if (!migrated) ensure(false, migrated.error().code + ": " + migrated.error().detail);
    database->reset();
  }
  for (const auto* part : {"", "-wal"})  // our closing leaves the log
    if (std::filesystem::exists(model + part)) std::filesystem::copy_file(model + part, path + part);
}

TemporaryDatabase open_temporary(const Clock& clock, Metrics& metrics, Schemas schemas, DatabaseOptions options) {
  TemporaryFolder folder;
  options.engine = Engine::sqlite;
  options.location = folder.path() + "/answerable.db";
  std::vector<Migration> migrations;
  for (auto schema : schemas) migrations.insert(migrations.end(), schema.begin(), schema.end());
  put_migrated(options.location, migrations);
  auto database = Database::open(std::move(options), clock, metrics);
  if (!database) ensure(false, database.error().code + ": " + database.error().detail);
  return {std::move(folder), *std::move(database)};
}

}  // namespace answerable::store
