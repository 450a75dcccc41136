// How a user's row is read; shared by the files of this folder that select one.
#pragma once

#include "access/user.h"
#include "store/session.h"

namespace answerable::access {

// The columns, in this order: id, workspace_id, name, email, role, state, must_change_password, language, theme,
// shortcuts, created_at, last_seen_at, length(password_hash),
// has_second_factor, role_id; starting at column `first`.
User read_user(const store::Row& row, int first = 0);
inline constexpr int user_columns = 15;

}  // namespace answerable::access
