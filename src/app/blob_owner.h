// A folder of blobs belongs to one database: it carries that database's id in the file `database`. Blobs that no row of
// the database refers to are deleted after a day (docs/operations/collection.md), so a folder beside an empty or a
// wrong database would be emptied by mistake.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "store/database.h"

namespace answerable::app {

std::span<const store::Migration> blob_owner_schema();

// Gives the database an id, and the folder that id, where they have none yet. `database` is migrated and may be
// written. Errors: conflict "blobs_of_another_database" with what to do, limited "storage_full", unavailable
// "storage_unavailable".
Status claim_blobs(store::Database& database, const std::string& folder);

}  // namespace answerable::app
