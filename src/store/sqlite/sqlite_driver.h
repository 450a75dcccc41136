// SQLite 3.40: WAL, synchronous=FULL, no memory mapping. The writer's connection is the only one that writes and the
// only one that checkpoints: versions 3.7.0 to 3.51.2 can corrupt the file when several do.
#pragma once

#include <memory>
#include <string>

#include "store/driver.h"

namespace answerable::store {

// The writer creates the file (mode 0600) if it is absent. Readers need the file to exist.
Result<std::unique_ptr<Driver>> open_sqlite(const DatabaseOptions& options, Role role);

}  // namespace answerable::store
