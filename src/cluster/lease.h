// A lease: this node alone does a job (poll a mailbox, index, seal) until the lease ends. The fence grows with each new
// holder, so that a node that slept through its lease is recognised by what it tries to write.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::cluster {

struct Lease {
  std::int64_t fence = 0;
  Time until;
};

// Takes or renews the lease `name` for `holder` (a node id) for `duration_ms`; nothing when another holds it.
Result<std::optional<Lease>> claim_lease(store::Transaction& tx, std::string_view name, std::string_view holder,
                                         std::int64_t duration_ms);
Status release_lease(store::Transaction& tx, std::string_view name, std::string_view holder);

}  // namespace answerable::cluster
