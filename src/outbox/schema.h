// The tables of the outbox: deliveries (one per outbound message) and delivery_attempts.
#pragma once

#include <span>

#include "store/blob_columns.h"
#include "store/database.h"

namespace answerable::outbox {

std::span<const store::Migration> schema();
// Every column of these tables that holds digests of blobs.
std::span<const store::BlobColumn> blob_columns();

}  // namespace answerable::outbox
