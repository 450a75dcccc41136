// For tests: what a job in a transaction is refused with.
#pragma once

#include <string>

#include "store/database.h"

namespace answerable::store {

// The code of the error; empty: it was done.
template <class F>
std::string error_of(Database& database, F&& job) {
  auto done = database.write([&](Transaction& tx) -> Result<int> {
    TRY_STATUS(job(tx));
    return 0;
  });
  return done ? "" : done.error().code;
}

}  // namespace answerable::store
