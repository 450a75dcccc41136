// Links that stand for a person who is not signed in: to choose a password, to accept an invitation. Whoever has the
// link has the mail. Good once and for a short time. The token is derived from the link's id by a key of the
// installation, so that it can be written into a mail later; the store has its SHA-256 only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/user.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

using AccountLinkId = Id<struct AccountLinkTag>;

enum class LinkPurpose : std::uint8_t { reset, invitation, exposed };
std::string_view to_string(LinkPurpose purpose);  // "reset", "invitation", "exposed"

inline constexpr std::int64_t reset_link_ms = 10 * 60'000;
inline constexpr std::int64_t invitation_link_ms = 3 * 86'400'000LL;
inline constexpr std::int64_t exposed_link_ms = 86'400'000;  // to report that somebody else may know the code
inline constexpr std::size_t link_token_characters = 64;

struct AccountLink {
  AccountLinkId id;
  LinkPurpose purpose = LinkPurpose::reset;
  User user;
  Time expires_at;
};

// `key`: the installation's key for links.
std::string link_token(std::string_view key, AccountLinkId id);

// An older link of this person for the same purpose still holds. Part of other acts: no entry of its own.
Result<AccountLink> make_account_link(store::Transaction& tx, std::string_view key, const User& user,
                                      LinkPurpose purpose);
// How many the person was given since then, used or not.
Result<std::int64_t> links_since(store::Session& session, const User& user, LinkPurpose purpose, Time since);
// Errors: not_found "link_unknown": never made, used, too old, or its person may not sign in; nobody is told which.
Result<AccountLink> load_account_link(store::Session& session, std::string_view token);
// Good no more, whatever becomes of the rest of the transaction's acts. Errors: not_found "link_unknown".
Status use_account_link(store::Transaction& tx, const AccountLink& link);
// All that let the person choose a password. Part of other acts.
Status end_password_links(store::Transaction& tx, WorkspaceId workspace, UserId user);
// A month after their end; returns how many of at most `limit`.
Result<std::int64_t> delete_old_links(store::Transaction& tx, int limit);

}  // namespace answerable::access
