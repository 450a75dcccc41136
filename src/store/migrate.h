// Applies migrations on a writer's connection, each in a transaction with the record that it was applied.
#pragma once

#include <span>

#include "base/clock.h"
#include "store/database.h"
#include "store/driver.h"

namespace answerable::store {

Status apply_migrations(Driver& driver, std::span<const Migration> migrations, const Clock& clock);

}  // namespace answerable::store
