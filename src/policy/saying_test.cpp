#include "policy/saying.h"

#include <doctest/doctest.h>

namespace answerable::policy {
namespace {

constexpr Sentence outer{"{1} after {0}", "{0} avant {1}"};
constexpr Sentence inner{"two", "deux"};

TEST_CASE("a sentence is filled in where its language wants it, and what goes in is in that language too") {
  const Saying saying(outer, {"{0} of a person, \"as it stands\"", inner});
  CHECK(saying.in("en") == "two after {0} of a person, \"as it stands\"");
  CHECK(saying.in("fr") == "{0} of a person, \"as it stands\" avant deux");
  CHECK(saying.in("de") == saying.in("en"));
}

}  // namespace
}  // namespace answerable::policy
