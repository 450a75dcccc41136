// The tables of access: workspaces, users, sessions, known devices, API keys.
#pragma once

#include <span>

#include "store/database.h"

namespace answerable::access {

std::span<const store::Migration> schema();

}  // namespace answerable::access
