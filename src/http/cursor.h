// Opaque cursors of keyset pages. A cursor names the list (with its filters) that it came from, so that it is refused
// on any other; it holds a position only, never a right: what it points to is looked for in the actor's own workspace.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"

namespace answerable::http {

struct Position {
  std::int64_t number = 0;
  Uuid uuid{};
  bool operator==(const Position&) const = default;
};

std::string encode_cursor(std::string_view list, const Position& position);
// Errors: invalid "bad_cursor".
Result<Position> decode_cursor(std::string_view list, std::string_view cursor);

}  // namespace answerable::http
