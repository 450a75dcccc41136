#include "store/sqlite/errors.h"

#include <sqlite3.h>

#include "base/ensure.h"
#include "base/log.h"

namespace answerable::store {
namespace {

Error make(ErrorKind kind, std::string_view code, std::string_view detail) {
  return Error{kind, std::string(code), std::string(detail)};
}

SqliteFailure constraint(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return {make(ErrorKind::conflict, "unique_violation", "It exists already."), {}};
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return {make(ErrorKind::conflict, "foreign_key_violation", "It refers to something that does not exist."), {}};
    default:
      return {make(ErrorKind::internal, "constraint_violation", "A stored value breaks a rule of the database."), {}};
  }
}

SqliteFailure by_primary_code(int code) {
  using enum Trouble::Kind;
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return constraint(code);
    case SQLITE_FULL: return {make(ErrorKind::limited, "storage_full", "The disk is full: free some space."), refused};
    case SQLITE_IOERR:
      if (code == SQLITE_IOERR_NOMEM)
        return {make(ErrorKind::unavailable, "out_of_memory", "The server is short of memory: try again."), refused};
      return {make(ErrorKind::unavailable, "storage_failed", "The disk reports an error: see the server's log."),
              fatal};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {make(ErrorKind::unavailable, "database_damaged", "The database file is damaged: restore a backup."),
              fatal};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {make(ErrorKind::unavailable, "database_busy", "Another program locks the database: try again."), refused};
    case SQLITE_NOMEM:
      return {make(ErrorKind::unavailable, "out_of_memory", "The server is short of memory: try again."), refused};
    case SQLITE_CANTOPEN:
      return {make(ErrorKind::unavailable, "database_unavailable", "A database file cannot be opened."), refused};
    case SQLITE_READONLY:
      return {make(ErrorKind::internal, "database_read_only", "The database was opened for reading only."), refused};
    case SQLITE_TOOBIG:
      return {make(ErrorKind::limited, "value_too_large", "A value is larger than the database takes."), {}};
    case SQLITE_INTERRUPT: return {make(ErrorKind::unavailable, "interrupted", "The query was interrupted."), refused};
    default: return {make(ErrorKind::internal, "wrong_sql", "A statement does not fit the database."), {}};
  }
}

}  // namespace

SqliteFailure classify_sqlite(int code, std::string_view message, std::string_view sql) {
  ensure((code & 0xff) != SQLITE_MISUSE && (code & 0xff) != SQLITE_RANGE, "sqlite misuse in: " + std::string(sql));
  auto failure = by_primary_code(code);
  if (failure.error.kind != ErrorKind::conflict)
    log::error("sqlite_error", {{"code", code}, {"message", message}, {"sql", sql}});
  return failure;
}

}  // namespace answerable::store
