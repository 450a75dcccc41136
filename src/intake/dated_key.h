// Keys in inbound_keys begin with the second in which the message was written. Hashes alone fall on pages at random,
// and every arrival then rewrites a page of its own in each index; with the second first, the keys of what arrives
// together lie together. 28 bytes of SHA-256 follow.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/clock.h"
#include "base/digest.h"

namespace answerable::intake {

// `written_at` must come from the message alone, so that every copy gets the same key.
inline Digest dated_key(Digest digest, std::optional<Time> written_at) {
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
  auto seconds = std::clamp<std::int64_t>(written_at ? written_at->ms / 1'000 : 0, 0, most);
  for (int byte = 3; byte >= 0; --byte, seconds >>= 8) digest[static_cast<std::size_t>(byte)] = seconds & 0xff;
  return digest;
}

}  // namespace answerable::intake
