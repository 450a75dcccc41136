// Tables: channels and their addresses and counters; the spool (what arrived, raw), what of it still waits, the keys
// that recognise a second copy, and the quarantine.
#pragma once

#include <span>

#include "store/blob_columns.h"
#include "store/database.h"

namespace answerable::intake {

std::span<const store::Migration> schema();
// Every column of these tables that holds digests of blobs.
std::span<const store::BlobColumn> blob_columns();

}  // namespace answerable::intake
