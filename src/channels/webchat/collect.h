// What is left of visitors who never wrote or never came back. Each call deletes at most `limit` rows and returns how
// many.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "store/session.h"

namespace answerable::channels::webchat {

inline constexpr std::int64_t unattached_file_kept_ms = 24LL * 3'600'000;

Result<std::int64_t> delete_expired_tokens(store::Transaction& tx, int limit);
// Visitors without a line in their transcript whom no token can bring back.
Result<std::int64_t> delete_silent_visitors(store::Transaction& tx, int limit);
// Files that no line of a transcript names in time.
Result<std::int64_t> delete_unattached_files(store::Transaction& tx, int limit);

}  // namespace answerable::channels::webchat
