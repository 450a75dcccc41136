// PostgreSQL 15 through libpq: prepared statements, binary values. A writer's transactions are SERIALIZABLE, so that
// several nodes behave like one writer; a reader's are REPEATABLE READ, READ ONLY: one snapshot.
#pragma once

#include <memory>

#include "store/driver.h"

namespace answerable::store {

// `options.location` is a libpq connection string or URI. Connects once, so that a wrong string is told at the start;
// later the driver reconnects by itself, at most every 100 ms, doubling to 5 s, and answers unavailable meanwhile.
Result<std::unique_ptr<Driver>> open_postgres(const DatabaseOptions& options, Role role);

}  // namespace answerable::store
