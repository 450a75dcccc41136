// What the two connections that write to the database file have in common: the writer's and the Checkpointer's.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"

namespace answerable::store {

struct CloseConnection {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
using ConnectionHandle = std::unique_ptr<sqlite3, CloseConnection>;

// For one thread at a time. Closing it copies nothing of the log: after a failed sync nothing may be tried again on the
// way out. `vfs` empty: the default one. Returns SQLite's code.
int open_connection(const std::string& location, const std::string& vfs, int flags, ConnectionHandle& connection);

struct LogPages {
  int all = 0;     // in the write-ahead log
  int copied = 0;  // of them, from its beginning
};

// One checkpoint. nullopt: later, for the disk is full or somebody is in the way. Errors are as grave as a failed
// commit.
Result<std::optional<LogPages>> copy_log(sqlite3* connection, int mode);

}  // namespace answerable::store
