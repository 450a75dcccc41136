#include "store/sqlite/checkpointer.h"

#include "base/ensure.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "store/sqlite/connection.h"

namespace answerable::store {
namespace {

ConnectionHandle open(const std::string& location, const std::string& vfs) {
  ConnectionHandle connection;
  if (open_connection(location, vfs, SQLITE_OPEN_READWRITE, connection) != SQLITE_OK) return nullptr;
  // The read makes the connection notice that there is a log; without it a checkpoint would do nothing.
  constexpr auto setting = "pragma synchronous=full; pragma wal_autocheckpoint=0; select 1 from sqlite_schema limit 1";
  if (sqlite3_exec(connection.get(), setting, nullptr, nullptr, nullptr) != SQLITE_OK) return nullptr;
  return connection;
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

void Checkpointer::wait() {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return !asked_; });
}

Result<Checkpointer::Pass> Checkpointer::last() const {
  std::lock_guard lock(mutex_);
  return last_;
}

void Checkpointer::loop() {
  name_this_thread("db-checkpoint");
  ConnectionHandle connection;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || asked_; });
    if (stopping_) return;
    auto round = *asked_;
    lock.unlock();
    if (!connection) connection = open(location_, vfs_);
    if (!connection) log::warning("checkpoint_postponed", {{"reason", "cannot_open_database"}});
    auto copied = connection ? copy_log(connection.get(), SQLITE_CHECKPOINT_PASSIVE) : std::nullopt;
    lock.lock();
    if (!copied)
      last_ = std::unexpected(std::move(copied).error());
    else if (last_ && *copied)
      last_ = Pass{round, (*copied)->copied};
    asked_.reset();
    ended_.notify_one();
  }
}

}  // namespace answerable::store
