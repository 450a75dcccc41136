// The tables of the outbox: deliveries (one per outbound message) and delivery_attempts.
#pragma once

#include <span>

#include "store/database.h"

namespace answerable::outbox {

std::span<const store::Migration> schema();

}  // namespace answerable::outbox
