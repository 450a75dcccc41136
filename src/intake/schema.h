// Tables: channels and their addresses and counters; the spool (what arrived, raw), what of it still waits, the keys
// that recognise a second copy, and the quarantine.
#pragma once

#include <span>

#include "store/database.h"

namespace answerable::intake {

std::span<const store::Migration> schema();

}  // namespace answerable::intake
