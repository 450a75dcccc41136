#include "http/cursor.h"

#include <doctest/doctest.h>

namespace answerable::http {
namespace {

TEST_CASE("a cursor is good for its own list only and cannot be changed") {
  const Position position{.number = -5, .uuid = Uuid{{1, 2, 3}}};
  const auto cursor = encode_cursor("conversations/1", position);
  CHECK(*decode_cursor("conversations/1", cursor) == position);
  CHECK(decode_cursor("conversations/2", cursor).error().code == "bad_cursor");
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    auto changed = cursor;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CHECK(!decode_cursor("conversations/1", changed));
  }
  for (const auto* text : {"", "x", "====", "AAAA", "\xff"})
    CHECK(decode_cursor("conversations/1", text).error().code == "bad_cursor");
  CHECK(!decode_cursor("conversations/1", cursor + "AAAA"));
}

}  // namespace
}  // namespace answerable::http
