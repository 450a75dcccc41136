// The canonical bytes of a ledger entry: docs/formats/ledger.md. One act has exactly one encoding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/ledger.h"

namespace answerable::audit {

inline constexpr std::size_t entry_bytes_max = 65'535;  // of one encoded entry (C2SP tiles: a 16-bit length)
inline constexpr std::size_t name_bytes_max = 64;       // of an action, a kind, a detail's name

// Text that is not valid UTF-8 is repaired. Errors: invalid "entry_malformed" (a name with other characters than a to
// z, 0 to 9, _ and . or a detail named twice), limited "entry_too_large".
Result<std::string> encode_entry(const Act& act, std::int64_t seq, Time at);

}  // namespace answerable::audit
