// A folder of blobs belongs to one database: it carries that database's id in the file `database`. Blobs that no row of
// the database refers to are deleted after a day (docs/operations/collection.md), so a folder beside an empty or a
// wrong database would be emptied by mistake. Nodes that run on one database share the folder: each leaves a mark in it
// that the others look for.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "store/database.h"

namespace answerable::app {

std::span<const store::Migration> blob_owner_schema();

// The mark of a node; left before it gives its first sign of life (cluster/membership.h). Errors: those of claim_blobs.
Status leave_node_mark(const std::string& folder, const std::string& node);
// Looks for the marks of all nodes that live. Errors: conflict "blobs_not_shared" with what to do.
Status check_blobs_shared(store::Database& database, const std::string& folder);

// Gives the database an id, and the folder that id, where they have none yet. `database` is migrated and may be
// written. Errors: conflict "blobs_of_another_database" with what to do, limited "storage_full", unavailable
// "storage_unavailable".
Status claim_blobs(store::Database& database, const std::string& folder);

}  // namespace answerable::app
