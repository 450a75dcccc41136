// A new password for somebody who cannot sign in: asked for by mail address, or given by an invitation. Chosen behind a
// link (account_link.h). A second factor stays what it is.
#pragma once

#include <string>
#include <string_view>

#include "access/account_link.h"
#include "access/user.h"
#include "store/database.h"

namespace answerable::access {

inline constexpr std::int64_t reset_links_per_hour_max = 3;  // for one person; more are not sent, and nobody is told
inline constexpr std::int64_t invitations_per_hour_max = 5;

// Returns at once and says nothing, whoever has the address or has not: the rest happens on the writer. Sends a mail to
// a person who may sign in.
void ask_for_password_reset(store::Database& database, std::string_view link_key, std::string_view email);

// By who may add people. Errors: denied, not_found "user_unknown", conflict "has_password", limited
// "too_many_invitations".
Status invite_user(store::Transaction& tx, std::string_view link_key, const Actor& by, UserId user);

struct LinkedPassword {
  std::string hash;                  // of hash_password()
  bool needs_second_factor = false;  // too short to stand alone (password_rules.h)
};
// Uses the link up, ends all sessions, and tells the person by mail. Errors: not_found
// "link_unknown".
Status set_password_by_link(store::Transaction& tx, const AccountLink& link, const LinkedPassword& password);

}  // namespace answerable::access
