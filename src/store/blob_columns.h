// Where rows refer to blobs. Each folder lists its columns beside its schema, app joins the lists, and a test holds the
// whole against the tables: a column that is forgotten here would lose its blobs to the next sweep.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "base/digest.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::store {

struct BlobColumn {
  std::string_view table, column;
  // Selects workspace_id, id and the digest of the first $3 rows that have one and come after ($1, $2), in this order.
  Sql page;
};

inline constexpr int blob_page_rows = 1'000;

// Calls `see` with every digest in these columns, all of the session's one snapshot. `see` may end it with an error.
Status each_blob(Session& session, std::span<const BlobColumn> columns,
                 const std::function<Status(const Digest&)>& see);

}  // namespace answerable::store
