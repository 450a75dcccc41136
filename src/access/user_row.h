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

struct WantedAddress {
  WorkspaceId workspace;
  UserId user;           // who may have it already; nil: nobody
  std::string_view key;  // email_key()
};
// Errors: conflict "email_taken"; where somebody of another workspace has it, who asks there is told only that it is of
// no use: "email_unavailable", which is counted as looking for people (http/watch).
Status require_free_address(store::Session& session, const Actor& by, const WantedAddress& wanted);

}  // namespace answerable::access
