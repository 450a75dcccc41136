// The table of the API itself: answers kept for repeated requests (idempotency keys).
#pragma once

#include <span>

#include "store/database.h"

namespace answerable::http {

std::span<const store::Migration> schema();

}  // namespace answerable::http
