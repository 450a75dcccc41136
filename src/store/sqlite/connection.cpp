#include "store/sqlite/connection.h"

#include "base/log.h"
#include "store/sqlite/errors.h"

namespace answerable::store {

int open_connection(const std::string& location, const std::string& vfs, int flags, ConnectionHandle& connection) {
  sqlite3* opened = nullptr;
  int code = sqlite3_open_v2(location.c_str(), &opened, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | flags,
                             vfs.empty() ? nullptr : vfs.c_str());
  connection.reset(opened);
  if (code == SQLITE_OK) sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return code;
}

Result<std::optional<LogPages>> copy_log(sqlite3* connection, int mode) {
  LogPages pages;
  int code = sqlite3_wal_checkpoint_v2(connection, nullptr, mode, &pages.all, &pages.copied);
  if (code == SQLITE_OK) return pages;
  auto primary = code & 0xff;
  if (primary == SQLITE_FULL) log::warning("checkpoint_postponed", {{"reason", "storage_full"}});
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED || primary == SQLITE_FULL) return std::nullopt;
  return std::unexpected(classify_sqlite(code, sqlite3_errmsg(connection), "checkpoint").error);
}

}  // namespace answerable::store
