#include "access/sign_in.h"

#include "access/enter.h"
#include "access/known_device.h"
#include "access/record.h"
#include "access/second_factor.h"
#include "access/user_row.h"

namespace answerable::access {
namespace {

struct Account {
  User user;
  std::string password_hash;
};

Result<std::optional<Account>> find_account(store::Session& session, const std::string& key) {
  return session.find(
      "select " ANSWERABLE_USER_COLUMNS ", u.password_hash from users u where u.email_key = $1", {key},
      [](const store::Row& row) { return Account{.user = read_user(row), .password_hash = row.string(user_columns)}; });
}

std::unexpected<Error> refuse() {
  return fail(ErrorKind::unauthenticated, "invalid_credentials", "The mail address or the password is not right.");
}

}  // namespace

Result<SignedIn> sign_in(const SignInParts& parts, const SignInRequest& request, std::int64_t& wait_ms) {
  SignInAttempt attempt{.email_key = email_key(request.email), .device = {}, .address_key = request.address_key};
  std::optional<Account> account;
  TRY_STATUS(parts.database.read([&](store::Session& session) -> Status {
    TRY(account, find_account(session, attempt.email_key));
    if (!account) return {};
    TRY(const bool is_known, is_known_device(session, account->user.id, request.device_token));
    if (is_known) attempt.device = device_hash(request.device_token);
    return {};
  }));
  wait_ms = parts.throttle.admit(attempt);
  if (wait_ms > 0)
    return fail(ErrorKind::limited, "too_many_attempts",
                "Too many attempts to sign in. Wait, or use a device you know.");
  const auto hash = account ? account->password_hash : std::string();
  const auto match = match_password(hash, request.password, parts.cost);
  if (!account) return refuse();
  const auto user = account->user;
  if (match == PasswordMatch::no || !user.is_active) {
    note_refused(parts.database, user);
    return refuse();
  }
  if (user.has_second_factor && request.code.empty()) {
    parts.throttle.forgive(attempt);
    return fail(ErrorKind::unauthenticated, "second_factor_needed", "Type the code that your app shows.");
  }
  std::string new_hash;
  if (match == PasswordMatch::old_form || needs_new_hash(hash, parts.cost)) {
    if (auto made = hash_password(request.password, parts.cost)) new_hash = *std::move(made);
  }
  auto signed_in = parts.database.write([&](store::Transaction& tx) -> Result<SignedIn> {
    if (user.has_second_factor) TRY_STATUS(use_second_code(tx, parts.second_factor_key, user, request.code));
    if (!new_hash.empty())
      TRY_STATUS(run(tx, "update users set password_hash = $3 where workspace_id = $1 and id = $2",
                     {user.workspace, user.id, new_hash}));
    return enter(tx, user,
                 {.device_token = request.device_token,
                  .user_agent = request.user_agent,
                  .address = request.address,
                  .replaces_token = request.replaces_token});
  });
  if (signed_in) {
    parts.throttle.forgive(attempt);
  } else if (signed_in.error().code == "code_wrong") {
    note_refused(parts.database, user);
  }
  return signed_in;
}

}  // namespace answerable::access
