// The second factor: a code of an app (TOTP) beside the password, or a passkey (passkey.h), and recovery codes for who
// has lost them. The app's secret is kept encrypted. A workspace can demand a second factor of a role.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/recovery_codes.h"
#include "access/user.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr std::size_t second_code_bytes_max = 40;  // as typed, of either kind

struct SecondFactorState {
  bool is_on = false;  // an app
  std::int64_t passkeys = 0;
  std::int64_t recovery_codes_left = 0;
  bool is_required = false;  // of the person's role
};
Result<SecondFactorState> my_second_factor(store::Session& session, const Actor& me);
// Whether the person's role must have one, and the person has none.
Result<bool> must_set_second_factor(store::Session& session, const User& user);

struct NewSecondFactor {
  std::string secret;  // in base32, to type
  std::string uri;     // for a QR code
};
// `key`: the installation's, 32 bytes. Nothing is asked for before the first code is confirmed; beginning again drops
// what was begun. Errors: conflict "second_factor_is_on".
Result<NewSecondFactor> begin_second_factor(store::Transaction& tx, std::string_view key, const Actor& me);
// The recovery codes, shown once. All other sessions end. Errors: conflict "second_factor_not_begun", invalid
// "code_wrong".
Result<std::vector<std::string>> confirm_second_factor(store::Transaction& tx, std::string_view key, const Actor& me,
                                                       std::string_view code);
// New ones; the old are void. Errors: conflict "second_factor_is_off".
Result<std::vector<std::string>> renew_recovery_codes(store::Transaction& tx, const Actor& me);
// One's own app; or by an administrator all that somebody has lost, passkeys too. Who has a short password must choose
// another one then. Errors: conflict "second_factor_is_off", "second_factor_required" (one's own, where the role must
// have it), not_found "user_unknown".
Status remove_second_factor(store::Transaction& tx, const Actor& by, UserId user);

// Part of acts that add or take one: keeps users.has_second_factor right, and drops recovery codes with the last. True:
// it was the first.
Result<bool> count_second_factors(store::Transaction& tx, WorkspaceId workspace, UserId user);

// Uses the code up, a recovery code too. Errors: unauthenticated "code_wrong", also for one that was used before.
Status use_second_code(store::Transaction& tx, std::string_view key, const User& user, std::string_view code);

// The roles of which the workspace demands it. Errors: denied.
Result<std::vector<Role>> second_factor_roles(store::Session& session, const Actor& by);
Status set_second_factor_roles(store::Transaction& tx, const Actor& by, const std::vector<Role>& roles);
// How a new workspace begins: of everybody, until its administrators say otherwise. Nil: of the operators.
Status demand_second_factor(store::Transaction& tx, WorkspaceId workspace);

// For a new key of the installation (app/replace_key.h): all rows at once, sealed under `to` instead of `from`. Returns
// how many open under neither; those stay as they are.
Result<std::int64_t> reseal_second_factors(store::Transaction& tx, std::string_view from, std::string_view to);

}  // namespace answerable::access
