#include "intake/dated_key.h"

#include <doctest/doctest.h>

using namespace answerable;
using namespace answerable::intake;

namespace {

Digest at(std::string_view content, std::int64_t ms) { return dated_key(sha256(content), Time{ms}); }
constexpr std::int64_t second = 1'000;
constexpr std::int64_t largest = 4'294'967'295 * second;

}  // namespace

TEST_CASE("copies have one key, other contents and other seconds have others") {
  CHECK(at("a", second) == at("a", second));
  CHECK(at("a", second) == at("a", second + 999));
  CHECK(at("a", second) != at("b", second));
  CHECK(at("a", second) != at("a", 2 * second));
}

TEST_CASE("keys follow the time, whatever the content") {
  for (auto [before, after] : {std::pair{255, 256}, {65'535, 65'536}, {16'777'215, 16'777'216}}) {
    for (const auto* one : {"a", "b", "c"}) {
      for (const auto* other : {"a", "b", "c"}) CHECK(at(one, before * second) < at(other, after * second));
    }
  }
}

TEST_CASE("times that do not fit are the nearest that do, and no time is the first") {
  CHECK(at("a", largest + 1'000 * second) == at("a", largest));
  CHECK(at("a", largest) != at("a", largest - second));
  CHECK(at("a", -5 * second) == at("a", 0));
  CHECK(dated_key(sha256("a"), std::nullopt) == at("a", 0));
}
