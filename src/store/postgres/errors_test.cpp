#include "store/postgres/errors.h"

#include <doctest/doctest.h>

using namespace answerable;
using namespace answerable::store;

TEST_CASE(
    "a connection that the server has closed is unavailable, not a wrong statement, before libpq knows it is lost") {
  for (const bool is_lost : {false, true}) {
    const auto failure = classify_postgres("", "server closed the connection unexpectedly", "select 1", is_lost);
    CHECK(failure.error.kind == ErrorKind::unavailable);
    CHECK(failure.error.code == "database_unavailable");
    CHECK(failure.trouble == Trouble::Kind::refused);
  }
  CHECK(classify_postgres("42P01", "no such table", "select 1", false).error.code == "wrong_sql");
}
