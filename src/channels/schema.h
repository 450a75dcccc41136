// Tables of the channels: web chat visitors, their tokens, transcripts and files; the cursors of mailboxes.
#pragma once

#include <span>

#include "store/blob_columns.h"
#include "store/database.h"

namespace answerable::channels {

std::span<const store::Migration> schema();
// Every column of these tables that holds digests of blobs.
std::span<const store::BlobColumn> blob_columns();

}  // namespace answerable::channels
