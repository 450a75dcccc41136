#include "store/database.h"

#include <condition_variable>
#include <mutex>

#include "base/ensure.h"
#include "store/bulk.h"
#include "store/file_lock.h"
#include "store/group_writer.h"
#include "store/migrate.h"
#include "store/postgres/postgres_driver.h"
#include "store/reader_pool.h"
#include "store/sqlite/sqlite_driver.h"

namespace answerable::store {
namespace {

Result<std::unique_ptr<Driver>> open_driver(const DatabaseOptions& options, Role role) {
  if (options.engine == Engine::sqlite) return open_sqlite(options, role);
  return open_postgres(options, role);
}

// The database over any driver: one writer, or none when it is read-only, and a pool of readers.
class OpenDatabase final : public Database {
 public:
  OpenDatabase(const DatabaseOptions& options, std::unique_ptr<FileLock> lock, const Clock& clock)
      : options_(options),
        lock_(std::move(lock)),
        clock_(clock),
        readers_([this] { return open_driver(options_, Role::reader); }, options.readers, clock) {}
  ~OpenDatabase() override { close(); }

  void start_writer(std::unique_ptr<Driver> driver, Metrics& metrics) {
    writer_ = std::make_unique<GroupWriter>(std::move(driver), options_, clock_, metrics);
  }

  Engine engine() const override { return options_.engine; }

  Status migrate(std::span<const Migration> migrations) override {
    if (!writer_) return read_only();
    return writer_->run_alone([&](Driver& driver) { return apply_migrations(driver, migrations, clock_); });
  }

  void submit(Job job, Done done) override {
    if (writer_) return writer_->submit(std::move(job), std::move(done));
    done(read_only());
  }

  void submit_bulk(Job job, Done done) {
    if (writer_) return writer_->submit_bulk(std::move(job), std::move(done));
    done(read_only());
  }

  Status read(const std::function<Status(Session&)>& job) override { return readers_.read(job); }

  std::size_t queue_depth() const override { return writer_ ? writer_->queue_depth() : 0; }

  void close() override {
    readers_.close();
    if (writer_) writer_->close();
    lock_.reset();
  }

 private:
  static Status read_only() {
    return fail(ErrorKind::internal, "database_read_only", "The database was opened for reading only.");
  }

  const DatabaseOptions options_;
  std::unique_ptr<FileLock> lock_;
  const Clock& clock_;
  ReaderPool readers_;
  std::unique_ptr<GroupWriter> writer_;
};

}  // namespace

Result<std::unique_ptr<Database>> Database::open(DatabaseOptions options, const Clock& clock, Metrics& metrics) {
  ensure(options.readers > 0 && options.queue_max > 0 && options.group_max > 0, "a database needs readers and a queue");
  std::unique_ptr<FileLock> lock;
  if (options.engine == Engine::sqlite && !options.read_only) {
    TRY(lock, FileLock::take(options.location + ".lock"));
  }
  TRY(auto first, open_driver(options, options.read_only ? Role::reader : Role::writer));
  auto database = std::make_unique<OpenDatabase>(options, std::move(lock), clock);
  if (!options.read_only) database->start_writer(std::move(first), metrics);
  return database;
}

void submit_bulk(Database& database, Database::Job job, Database::Done done) {
  static_cast<OpenDatabase&>(database).submit_bulk(std::move(job), std::move(done));  // there is no other kind
}

Status Database::submit_and_wait(Job job) {
  ensure(!on_writer_thread(), "the writer thread may not wait for a write");
  struct Answer {
    std::mutex mutex;
    std::condition_variable given;
    std::optional<Status> status;
  };
  // Shared, so that the writer can tell without holding the lock: else the one who wakes would stop at the lock at
  // once.
  auto answer = std::make_shared<Answer>();
  submit(std::move(job), [answer](Status status) {
    {
      std::lock_guard lock(answer->mutex);
      answer->status = std::move(status);
    }
    answer->given.notify_one();
  });
  std::unique_lock lock(answer->mutex);
  answer->given.wait(lock, [&] { return answer->status.has_value(); });
  return *std::move(answer->status);
}

}  // namespace answerable::store
