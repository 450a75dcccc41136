// The one place where the API is narrowed for people whose role confines them to what is assigned to them, or hides
// personal fields of customers: a list of the routes that are narrowed, and how. A route that is not in it is refused
// to them, so that a new one leaks nothing before somebody has thought of it.
#pragma once

#include <span>
#include <string_view>

#include "http/route.h"

namespace answerable::http {

enum class Narrowed : std::uint8_t {
  by_conversation,  // {id} is a conversation: asked here before the act
  by_message,
  by_attachment,
  by_contact,
  by_itself,  // a list, a count, a search, the live screen: leaves out what is not seen
  of_nobody,  // nothing of customers in it
};

struct NarrowedRoute {
  std::string_view path;  // below /api/v1
  Narrowed how;
  bool confines = true;  // may be used by who sees only what is assigned
  bool hides = true;     // may be used by whom personal fields are hidden from
};

std::span<const NarrowedRoute> narrowed_routes();

// For everybody else: nothing. Errors: denied "not_narrowed", not_found in the words of the thing's own route.
Status require_sight(Call& call, std::string_view path, const Needs& needs);

}  // namespace answerable::http
