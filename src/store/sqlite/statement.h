// Prepared statements of one SQLite connection, and the binding of values to them.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/sql.h"

namespace answerable::store {

struct Statement {
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle;
  std::string_view text;
  // SQLite numbers $n by first appearance: `positions[n - 1]` is where $n stands (0: not used, which is refused).
  std::vector<int> positions;
  bool reads_only = false;
  bool running = false;
};

// Statements are found by the address of their literal; the text is compared too, so that a mistake cannot run
// another's.
class StatementCache {
 public:
  // SQLITE_OK and a statement, or the error code of the preparation.
  int find(sqlite3* connection, Sql sql, Statement*& statement);
  void clear() { statements_.clear(); }

 private:
  std::unordered_map<const char*, Statement> statements_;
};

int prepare(sqlite3* connection, std::string_view text, bool lasting, Statement& statement);
int bind(Statement& statement, Values values);

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(const Statement& statement)
      : statement_(statement), handle_(statement.handle.get()), columns_(sqlite3_column_count(handle_)) {}
  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;
  double real(int column) const override;
  std::string_view text(int column) const override;
  std::string_view bytes(int column) const override;

 private:
  int type_of(int column) const;
  [[noreturn]] void wrong_type(int column, std::string_view wanted) const;

  const Statement& statement_;
  sqlite3_stmt* handle_;
  int columns_;
};

}  // namespace answerable::store
