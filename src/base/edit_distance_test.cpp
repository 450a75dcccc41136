#include "base/edit_distance.h"

#include <doctest/doctest.h>

using answerable::edit_distance;

TEST_CASE("the distance of two words is what must be put in, taken out or replaced, whichever comes first") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("email", "email") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("emial", "email") == 2);
  CHECK(edit_distance("listen", "listens") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("sitting", "kitten") == 3);
}
