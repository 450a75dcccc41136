// The tables of conversations, and of the full-text index over their messages (which differs between the engines).
#pragma once

#include <span>

#include "store/blob_columns.h"
#include "store/database.h"

namespace answerable::conversations {

std::span<const store::Migration> schema();
// Every column of these tables that holds digests of blobs.
std::span<const store::BlobColumn> blob_columns();

}  // namespace answerable::conversations
