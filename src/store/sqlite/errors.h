// What an extended result code of SQLite means to us.
#pragma once

#include <optional>
#include <string_view>

#include "store/driver.h"

namespace answerable::store {

struct SqliteFailure {
  Error error;
  std::optional<Trouble::Kind> trouble;  // when the whole transaction is lost
};

// `message` is sqlite3_errmsg(): for our log only, it may hold names of tables.
SqliteFailure classify_sqlite(int code, std::string_view message, std::string_view sql);

}  // namespace answerable::store
