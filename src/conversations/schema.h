// The tables of conversations, and of the full-text index over their messages (which differs between the engines).
#pragma once

#include <span>

#include "store/database.h"

namespace answerable::conversations {

std::span<const store::Migration> schema();

}  // namespace answerable::conversations
