// Tables of the channels: web chat visitors, their tokens, transcripts and files; the cursors of mailboxes.
#pragma once

#include <span>

#include "store/database.h"

namespace answerable::channels {

std::span<const store::Migration> schema();

}  // namespace answerable::channels
