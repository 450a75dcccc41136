// People as a company's directory sees them (SCIM 2.0, RFC 7643): a user, with what only the directory knows of it. The
// accounts themselves are made and changed by policy (seats) and user.h; this is the rest. Nobody is ever deleted: who
// is, in the directory, is disabled and hidden from it, and comes back when it is made again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/user.h"

namespace answerable::access {

inline constexpr std::size_t external_id_bytes_max = 255;
inline constexpr int provisioned_page_max = 100;

struct Provisioned {
  std::string external_id, given_name, family_name;
  bool is_hidden = false;
};
struct ProvisionedUser {
  User user;
  Provisioned more;
};

struct ProvisionFilter {  // empty: whatever it is
  std::string user_name;  // a mail address
  std::string external_id;
};
struct ProvisionedPage {
  std::vector<ProvisionedUser> items;  // oldest first
  std::int64_t total = 0;
};
// `skipped` of those that match come before. Hidden ones are not there. Errors of all: denied.
Result<ProvisionedPage> provisioned_users(store::Session& session, const Actor& by, const ProvisionFilter& filter,
                                          std::int64_t skipped, int most);
// Also a hidden one. Errors: not_found "user_unknown".
Result<ProvisionedUser> load_provisioned(store::Session& session, const Actor& by, UserId id);
// Errors: conflict "external_id_taken".
Status store_provisioned(store::Transaction& tx, const Actor& by, UserId id, const Provisioned& more);

// The address by which somebody signs in becomes another one; the former is told, and its links end. Errors: invalid
// "email_invalid", conflict "email_taken" / "email_unavailable", not_found "user_unknown".
Status change_address(store::Transaction& tx, const Actor& by, UserId id, std::string_view email);
// The API keys that this person has made. Part of update_user(), for who is disabled.
Status revoke_keys_of(store::Transaction& tx, const Actor& by, UserId id);

}  // namespace answerable::access
