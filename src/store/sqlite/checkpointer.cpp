#include "store/sqlite/checkpointer.h"

#include <sqlite3.h>

#include <memory>

#include "base/ensure.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "store/sqlite/errors.h"

namespace answerable::store {
namespace {

struct Close {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

Handle open(const std::string& location, const std::string& vfs) {
  sqlite3* opened = nullptr;
  int code =
      sqlite3_open_v2(location.c_str(), &opened, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE,
                      vfs.empty() ? nullptr : vfs.c_str());
  Handle connection(opened);
  if (code != SQLITE_OK) return nullptr;
  sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  // The read makes the connection notice that there is a log; without it a checkpoint would do nothing.
  constexpr auto setting = "pragma synchronous=full; pragma wal_autocheckpoint=0; select 1 from sqlite_schema limit 1";
  if (sqlite3_exec(opened, setting, nullptr, nullptr, nullptr) != SQLITE_OK) return nullptr;
  return connection;
}

// A full disk, a reader in the way or a writer that copies just now only mean: later.
bool is_postponed(int code) {
  auto primary = code & 0xff;
  return primary == SQLITE_BUSY || primary == SQLITE_LOCKED || primary == SQLITE_FULL;
}

// Pages copied, from the beginning of the log.
Result<int> copy(sqlite3* connection) {
  int pages = 0;
  int copied = 0;
  int code = sqlite3_wal_checkpoint_v2(connection, nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
  if (code == SQLITE_OK) return copied;
  if ((code & 0xff) == SQLITE_FULL) log::warning("checkpoint_postponed", {{"reason", "storage_full"}});
  if (is_postponed(code)) return 0;
  return std::unexpected(classify_sqlite(code, sqlite3_errmsg(connection), "checkpoint").error);
}

}  // namespace

Checkpointer::~Checkpointer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::start_pass(std::uint64_t round) {
  std::lock_guard lock(mutex_);
  ensure(!asked_, "one pass at a time");
  if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  asked_ = round;
  wake_.notify_one();
}

bool Checkpointer::is_running() const {
  std::lock_guard lock(mutex_);
  return asked_.has_value();
}

Result<Checkpointer::Pass> Checkpointer::last() const {
  std::lock_guard lock(mutex_);
  return last_;
}

void Checkpointer::loop() {
  name_this_thread("db-checkpoint");
  Handle connection;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || asked_; });
    if (stopping_) return;
    auto round = *asked_;
    lock.unlock();
    if (!connection) connection = open(location_, vfs_);
    if (!connection) log::warning("checkpoint_postponed", {{"reason", "cannot_open_database"}});
    auto copied = connection ? copy(connection.get()) : Result<int>(0);
    lock.lock();
    if (!copied)
      last_ = std::unexpected(std::move(copied).error());
    else if (last_)
      last_ = Pass{round, *copied};
    asked_.reset();
  }
}

}  // namespace answerable::store
