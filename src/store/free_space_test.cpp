#include "store/free_space.h"

#include <doctest/doctest.h>

namespace answerable::store {
namespace {

TEST_CASE("room is what stays free after what comes") {
  CHECK(check_free_space("/tmp", 0, 0));
  CHECK_FALSE(check_free_space("/tmp", UINT64_MAX, 0));
  CHECK_FALSE(check_free_space("/tmp", 0, UINT64_MAX));
  CHECK_FALSE(check_free_space("/tmp", UINT64_MAX, UINT64_MAX));
  CHECK(check_free_space("/tmp", 0, UINT64_MAX).error().code == "storage_low");
  CHECK(check_free_space("/there/is/no/such/folder", UINT64_MAX, 0));
}

}  // namespace
}  // namespace answerable::store
