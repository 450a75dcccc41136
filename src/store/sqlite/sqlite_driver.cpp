#include "store/sqlite/sqlite_driver.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>

#include "base/ensure.h"
#include "base/log.h"
#include "store/sqlite/checkpointer.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/errors.h"
#include "store/sqlite/statement.h"

namespace answerable::store {
namespace {

constexpr int busy_timeout_ms = 5'000;  // for locks of other programs
constexpr int checkpoint_patience_ms =
    250;  // for readers, when the log has become too long; nothing is written meanwhile

class SqliteDriver final : public Driver {
 public:
  SqliteDriver(Role role, const DatabaseOptions& options)
      : role_(role), checkpoint_pages_(options.checkpoint_pages), finish_at_(long_log()) {
    if (role == Role::writer) beside_ = std::make_unique<Checkpointer>(options.location, options.sqlite_vfs);
  }
  Status open(const DatabaseOptions& options);

  Engine engine() const override { return Engine::sqlite; }
  Result<std::int64_t> run(Sql sql, Values values, const std::function<void(const Row&)>* row) override;
  Status begin() override;
  Status commit() override;
  void rollback() override;
  Status savepoint() override { return command("savepoint job"); }
  Status release_savepoint() override { return command("release job"); }
  Status rollback_to_savepoint() override;
  Status script(std::string_view sql) override;
  Result<bool> maintain(bool idle) override;
  Status finish() override;

 private:
  Status configure(const DatabaseOptions& options);
  Status command(Sql sql);
  Result<std::int64_t> step(Statement& statement, Values values, const std::function<void(const Row&)>* row);
  std::unexpected<Error> failed(int code, std::string_view text);
  Status checkpoint(int mode);
  int long_log() const { return 4 * checkpoint_pages_; }
  static int count_wal_pages(void* self, sqlite3* connection, const char* schema, int pages);

  const Role role_;
  const int checkpoint_pages_;
  ConnectionHandle connection_;
  StatementCache statements_;  // ends before the connection
  bool in_transaction_ = false;
  int wal_pages_ = 1;        // frames in the write-ahead log after the last commit; a log left by a crash counts as one
  int copied_pages_ = 0;     // of them, known to be in the database file
  int tried_at_ = 0;         // its length when the last copying began
  int finish_at_ = 0;        // its length from which the writer copies what is left
  std::uint64_t round_ = 0;  // how often the log has started over
  std::unique_ptr<Checkpointer> beside_;  // of the writer only
};

Status SqliteDriver::open(const DatabaseOptions& options) {
  int flags = role_ == Role::writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  if (role_ == Role::writer) {
    // Created here, so that nobody else on the machine may read it; the log and its index inherit the mode.
    int file = ::open(options.location.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return fail(ErrorKind::unavailable, "storage_unavailable", "Cannot create " + options.location + ".");
    ::close(file);
  }
  int code = open_connection(options.location, options.sqlite_vfs, flags, connection_);
  if (code != SQLITE_OK)
    return fail(ErrorKind::unavailable, "database_unavailable",
                "Cannot open the database " + options.location + ": " + sqlite3_errstr(code));
  return configure(options);
}

Status SqliteDriver::configure(const DatabaseOptions& options) {
  sqlite3_busy_timeout(connection_.get(), busy_timeout_ms);
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  TRY_STATUS(
      script("pragma mmap_size=0; pragma cell_size_check=on; pragma trusted_schema=off; pragma temp_store=memory"));
  auto cache_kb = role_ == Role::writer ? options.writer_cache_kb : options.reader_cache_kb;
  TRY_STATUS(script("pragma cache_size=-" + std::to_string(cache_kb)));
  if (role_ == Role::reader) return script("pragma wal_autocheckpoint=0; pragma query_only=on");
  TRY_STATUS(script("pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on"));
  // After a burst the log file is cut back to this size when it starts over.
  TRY_STATUS(script("pragma wal_autocheckpoint=0; pragma journal_size_limit=67108864"));
  sqlite3_wal_hook(connection_.get(), &SqliteDriver::count_wal_pages, this);
  bool is_wal = false;
  const std::function<void(const Row&)> look = [&](const Row& row) { is_wal = row.text(0) == "wal"; };
  TRY_STATUS(run("pragma journal_mode", {}, &look));
  if (!is_wal)
    return fail(ErrorKind::unavailable, "database_unavailable", "This file system cannot hold a WAL database.");
  return {};
}

std::unexpected<Error> SqliteDriver::failed(int code, std::string_view text) {
  auto failure = classify_sqlite(code, sqlite3_errmsg(connection_.get()), text);
  // Some errors make SQLite roll everything back by itself: then nothing of the group may be believed.
  if (in_transaction_ && !failure.trouble && sqlite3_get_autocommit(connection_.get()) != 0)
    failure.trouble = Trouble::Kind::refused;
  if (failure.trouble && !trouble_) trouble_ = Trouble{*failure.trouble, failure.error};
  return std::unexpected(std::move(failure.error));
}

Result<std::int64_t> SqliteDriver::run(Sql sql, Values values, const std::function<void(const Row&)>* row) {
  Statement* statement = nullptr;
  if (int code = statements_.find(connection_.get(), sql, statement); code != SQLITE_OK)
    return failed(code, sql.text());
  if (!statement->running) return step(*statement, values, row);
  // The same statement inside its own row callback: needs a second one for the while.
  Statement another;
  if (int code = prepare(connection_.get(), sql.text(), false, another); code != SQLITE_OK)
    return failed(code, sql.text());
  return step(another, values, row);
}

Result<std::int64_t> SqliteDriver::step(Statement& statement, Values values,
                                        const std::function<void(const Row&)>* row) {
  auto* handle = statement.handle.get();
  if (int code = bind(statement, values); code != SQLITE_OK) return failed(code, statement.text);
  statement.running = true;
  int code = sqlite3_step(handle);
  if (code == SQLITE_ROW) {
    const SqliteRow current(statement);
    for (; code == SQLITE_ROW; code = sqlite3_step(handle)) {
      if (row) (*row)(current);
    }
  }
  statement.running = false;
  if (code != SQLITE_DONE) {
    auto failure = failed(code, statement.text);
    sqlite3_reset(handle);
    return failure;
  }
  auto changed = statement.reads_only ? 0 : sqlite3_changes64(connection_.get());
  if (!statement.reads_only) changed_ = true;
  sqlite3_reset(handle);
  return changed;
}

// A command of ours that is no change by itself.
Status SqliteDriver::command(Sql sql) {
  bool changed = changed_;
  auto done = run(sql, {}, nullptr);
  changed_ = changed;
  if (!done) return std::unexpected(std::move(done).error());
  return {};
}

Status SqliteDriver::begin() {
  trouble_.reset();
  TRY_STATUS(role_ == Role::writer ? command("begin immediate") : command("begin"));
  in_transaction_ = true;
  return {};
}

Status SqliteDriver::commit() {
  TRY_STATUS(command("commit"));
  in_transaction_ = false;
  return {};
}

void SqliteDriver::rollback() {
  in_transaction_ = false;
  if (sqlite3_get_autocommit(connection_.get()) != 0) return;
  // Rolling back only forgets pages; whatever it says, the transaction is over then.
  auto kept = trouble_;
  [[maybe_unused]] auto done = command("rollback");
  if (kept) trouble_ = kept;
}

Status SqliteDriver::rollback_to_savepoint() {
  TRY_STATUS(command("rollback to job"));
  return command("release job");
}

Status SqliteDriver::script(std::string_view sql) {
  std::string text(sql);
  int code = sqlite3_exec(connection_.get(), text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failed(code, sql);
  changed_ = true;
  return {};
}

int SqliteDriver::count_wal_pages(void* self, sqlite3* /*connection*/, const char* /*schema*/, int pages) {
  auto& driver = *static_cast<SqliteDriver*>(self);
  if (pages < driver.wal_pages_) {  // the log started over from its beginning
    driver.copied_pages_ = 0;
    driver.tried_at_ = 0;
    driver.finish_at_ = driver.long_log();
    ++driver.round_;
  }
  driver.wal_pages_ = pages;
  return SQLITE_OK;
}

// Copies the log into the database file on this thread. A full disk or a reader in the way only means: later.
Status SqliteDriver::checkpoint(int mode) {
  sqlite3_busy_timeout(connection_.get(), checkpoint_patience_ms);
  auto pages = copy_log(connection_.get(), mode);
  sqlite3_busy_timeout(connection_.get(), busy_timeout_ms);
  if (!pages) return std::unexpected(std::move(pages).error());
  if (*pages) {
    wal_pages_ = (*pages)->all;
    copied_pages_ = (*pages)->copied;
  }
  tried_at_ = wal_pages_;
  finish_at_ = std::max(wal_pages_ + checkpoint_pages_, long_log());
  return {};
}

// While writes go on, the log is copied beside them; once it is long, what little is left then is copied here, so that
// the next write can begin a new log. Readers that never pause prevent that: beyond `patience` the writer waits for
// them.
Result<bool> SqliteDriver::maintain(bool idle) {
  const int little = checkpoint_pages_ / 2;  // about what one commit under load writes
  const int patience = 16 * checkpoint_pages_;
  if (wal_pages_ >= patience) beside_->wait();  // the disk is slower than the writer: the log must not grow for ever
  if (beside_->is_running()) return true;
  TRY(auto pass, beside_->last());
  if (pass.round == round_) copied_pages_ = std::max(copied_pages_, std::min(pass.copied_pages, wal_pages_));
  const int left = wal_pages_ - copied_pages_;
  const int news = wal_pages_ - tried_at_;
  if (wal_pages_ >= patience && news >= checkpoint_pages_) {
    TRY_STATUS(checkpoint(SQLITE_CHECKPOINT_RESTART));
  } else if (idle) {
    TRY_STATUS(checkpoint(SQLITE_CHECKPOINT_PASSIVE));
    sqlite3_db_release_memory(connection_.get());
  } else if (wal_pages_ >= finish_at_ && left <= little) {
    TRY_STATUS(checkpoint(SQLITE_CHECKPOINT_PASSIVE));
  } else if (news > little && left > (wal_pages_ >= finish_at_ ? little : checkpoint_pages_)) {
    tried_at_ = wal_pages_;
    beside_->start_pass(round_);
  }
  return wal_pages_ > copied_pages_;
}

Status SqliteDriver::finish() {
  beside_.reset();
  statements_.clear();
  return checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
}

// Once a process: without memory statistics, allocation needs no global lock.
void configure_library() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

}  // namespace

Result<std::unique_ptr<Driver>> open_sqlite(const DatabaseOptions& options, Role role) {
  configure_library();
  auto driver = std::make_unique<SqliteDriver>(role, options);
  TRY_STATUS(driver->open(options));
  return driver;
}

}  // namespace answerable::store
