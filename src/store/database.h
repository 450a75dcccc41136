// One database of one engine. Writing goes through one writer thread that commits many jobs with one sync; reading uses
// a pool of read-only connections on the caller's thread.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::store {

// One step of the schema. Applied once, in order, each in a transaction with the record that it was applied.
// `sql` holds statements that both engines take (bytea, bigint and text are the column types; SQLite gives bigint
// integer affinity and stores bytes in bytea as they are). Statements for one engine only go in the other two.
struct Migration {
  std::string_view name;  // "conversations/0001"; never renamed once published
  std::string_view sql;
  std::string_view sqlite_only = {};
  std::string_view postgres_only = {};
};

struct DatabaseOptions {
  Engine engine = Engine::sqlite;
  std::string location;    // SQLite: path of the file. PostgreSQL: a libpq connection string
  int readers = 4;         // read-only connections
  int queue_max = 20'000;  // jobs that may wait for the writer; more are refused with limited "write_queue_full"
  int group_max = 512;     // jobs in one commit
  bool read_only = false;  // for tools beside a running server: no writer, no migration; every submission is refused
  std::function<void(WorkspaceId)> on_commit;  // commit listener, called on the writer thread; must be short
  // Called when the storage cannot be trusted any more (a failed sync): must end the process. Default: abort.
  std::function<void(const Error&)> on_fatal;
  int writer_cache_kb = 8'192;  // SQLite page caches; they grow to this on demand
  int reader_cache_kb = 2'048;
  int checkpoint_pages = 2'000;  // pages of 4 KiB in the write-ahead log after which they are copied to the file
  std::string sqlite_vfs = {};   // for tests that let system calls fail
  bool run_jobs_twice = false;   // for tests: finds jobs with effects other than through Transaction
};

class Database {
 public:
  // A job may run more than once (a serialization failure is repeated), so it has no effect but through `Transaction`.
  using Job = std::function<Status(Transaction&)>;
  // Called exactly once: on the writer thread after the commit is durable, or with the reason why nothing was stored. A
  // job that is refused at once (queue full, shutting down, read-only) is told so on the caller's thread, before submit
  // returns.
  using Done = std::function<void(Status)>;

  static Result<std::unique_ptr<Database>> open(DatabaseOptions options, const Clock& clock, Metrics& metrics);
  virtual ~Database() = default;

  virtual Engine engine() const = 0;
  // Applies what is missing. Errors: conflict "migration_changed" (a published migration was edited), conflict
  // "database_newer" (the database knows a migration of one of these folders that this program does not).
  virtual Status migrate(std::span<const Migration> migrations) = 0;
  // Never blocks. A job that fails is rolled back alone; the others of its group are committed.
  virtual void submit(Job job, Done done) = 0;
  // One snapshot for the whole job, on the caller's thread; waits for a free reader. Never inside another read of this
  // thread.
  virtual Status read(const std::function<Status(Session&)>& job) = 0;
  // Jobs waiting for the writer now.
  virtual std::size_t queue_depth() const = 0;
  // Finishes what was submitted, checkpoints, closes. Later submissions are refused with unavailable "shutting_down".
  virtual void close() = 0;

  // Blocks until durable; for worker threads, never for the event loop or the writer thread.
  // F: Result<T>(Transaction&)
  template <class F>
  auto write(F&& job) -> std::invoke_result_t<F&, Transaction&> {
    using Answer = std::invoke_result_t<F&, Transaction&>;
    Answer answer = fail(ErrorKind::internal, "job_not_run");
    auto status = submit_and_wait([&](Transaction& tx) -> Status {
      answer = job(tx);
      if (!answer) return std::unexpected(answer.error());
      return {};
    });
    if (!status) return std::unexpected(std::move(status).error());
    return answer;
  }

  Status submit_and_wait(Job job);

  // F: Result<T>(Session&)
  template <class F>
    requires(!std::is_same_v<std::invoke_result_t<F&, Session&>, void>)
  auto query(F&& job) -> std::invoke_result_t<F&, Session&> {
    std::invoke_result_t<F&, Session&> answer = fail(ErrorKind::internal, "job_not_run");
    auto status = read([&](Session& session) -> Status {
      answer = job(session);
      return {};
    });
    if (!status) return std::unexpected(std::move(status).error());
    return answer;
  }
};

}  // namespace answerable::store
