// A number that grows whenever credentials end or people change. Whoever remembers who is signed in, or holds a line
// open, looks at it twice a second and asks anew when it has grown: so an ended credential is refused on every node,
// and its live screens close, within a second.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr std::int64_t look_for_ended_every_ms = 500;

// In the transaction that ends them.
Status note_ended(store::Transaction& tx);
Result<std::int64_t> ended_so_far(store::Session& session);

}  // namespace answerable::access
