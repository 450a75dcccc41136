// How a user's row is read; shared by the files of this folder that select one.
#pragma once

#include "access/user.h"
#include "store/session.h"

// The columns that read_user() reads, from column `first` on; of the table named or aliased u.
#define ANSWERABLE_USER_COLUMNS                                                                           \
  "u.id, u.workspace_id, u.name, u.email, u.role, u.state, u.must_change_password, u.language, u.theme, " \
  "u.shortcuts, u.created_at, u.last_seen_at, length(u.password_hash), u.has_second_factor, u.role_id"

namespace answerable::access {

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
