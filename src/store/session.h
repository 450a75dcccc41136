// What a domain sees of the database: a Session reads one consistent snapshot, a Transaction also writes.
// Both belong to one thread and die with the callback that received them: never keep one.
// After a statement has failed, the session answers every further statement with the same error and the job counts as
// failed, whatever it returns (PostgreSQL aborts the transaction there; both engines behave alike). Use ON CONFLICT for
// what may collide.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/sql.h"

namespace answerable::store {

enum class Engine : std::uint8_t { sqlite, postgres };

// What a driver offers: run one statement, call `row` for each row, return the number of changed rows.
// Errors: conflict "unique_violation" / "foreign_key_violation", limited "storage_full", unavailable
// "database_unavailable", conflict "serialization_failure" (the writer repeats the job), internal for wrong SQL.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Engine engine() const = 0;
  virtual Result<std::int64_t> run(Sql sql, Values values, const std::function<void(const Row&)>* row) = 0;
};

class Session {
 public:
  Session(Connection& connection, const Clock& clock) : connection_(connection), clock_(clock) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Engine engine() const { return connection_.engine(); }
  const Clock& clock() const { return clock_; }
  Time now() const { return clock_.now(); }

  Status each(Sql sql, Values values, const std::function<void(const Row&)>& row);
  // F: T(const Row&)
  template <class F>
  auto all(Sql sql, Values values, F&& make) -> Result<std::vector<std::invoke_result_t<F, const Row&>>> {
    std::vector<std::invoke_result_t<F, const Row&>> list;
    TRY_STATUS(each(sql, values, [&](const Row& row) { list.push_back(make(row)); }));
    return list;
  }
  // The first row, if there is one.
  template <class F>
  auto find(Sql sql, Values values, F&& make) -> Result<std::optional<std::invoke_result_t<F, const Row&>>> {
    std::optional<std::invoke_result_t<F, const Row&>> found;
    TRY_STATUS(each(sql, values, [&](const Row& row) {
      if (!found) found = make(row);
    }));
    return found;
  }
  // The first column of the first row as a number; 0 when there is no row or it is NULL.
  Result<std::int64_t> number(Sql sql, Values values = {});
  // The first error of a statement in this session, if there was one.
  const std::optional<Error>& failure() const { return failure_; }

 protected:
  Result<std::int64_t> run(Sql sql, Values values, const std::function<void(const Row&)>* row);

 private:
  Connection& connection_;
  const Clock& clock_;
  std::optional<Error> failure_;
};

class Transaction : public Session {
 public:
  using Session::Session;

  // Runs INSERT, UPDATE, DELETE; returns the number of rows changed.
  Result<std::int64_t> execute(Sql sql, Values values = {});
  // After the commit, and only then, the database's commit listener is told once per workspace and commit group.
  void announce(WorkspaceId workspace);
  // After the commit, and only then, runs `then` on the writer thread: it must be short and may not use the database.
  void on_commit(std::function<void()> then);

 private:
  friend class GroupWriter;
  std::vector<WorkspaceId> announced_;
  std::vector<std::function<void()>> on_commit_;
};

}  // namespace answerable::store
