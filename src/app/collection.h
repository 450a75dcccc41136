// The collection of what nobody needs any more: rows that have had their time, and the blobs that no row refers to.
#pragma once

#include <vector>

#include "app/housekeeper.h"
#include "app/installation.h"

namespace answerable::app {

inline constexpr std::int64_t collect_every_ms = 3'600'000;
inline constexpr int collected_at_once_max = 500;  // rows of one transaction, so that nobody waits for the writer
inline constexpr std::int64_t sweep_every_ms = 24 * collect_every_ms;
// Whoever has started on a wrong or half restored database has an hour to notice before blobs go.
inline constexpr std::int64_t sweep_first_after_ms = collect_every_ms;
inline constexpr std::int64_t blob_grace_ms = 24 * collect_every_ms;  // younger blobs stay: docs/decisions/0013

// For a Housekeeper; `installation` outlives it. Each counts what it collects in /metrics.
std::vector<Housekeeper::Task> collection_tasks(Installation& installation);

}  // namespace answerable::app
