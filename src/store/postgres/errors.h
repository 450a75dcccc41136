// What an SQLSTATE of PostgreSQL (its manual, appendix A) means to us.
#pragma once

#include <optional>
#include <string_view>

#include "store/driver.h"

namespace answerable::store {

struct PostgresFailure {
  Error error;
  std::optional<Trouble::Kind> trouble;  // when the whole transaction is lost
};

// `message` is for our log only. `is_lost`: the connection is known to be gone; so it is without a `sqlstate`.
PostgresFailure classify_postgres(std::string_view sqlstate, std::string_view message, std::string_view sql,
                                  bool is_lost);

}  // namespace answerable::store
