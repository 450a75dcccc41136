#include "access/sign_in.h"

#include "access/known_device.h"
#include "access/record.h"
#include "access/second_factor.h"
#include "access/user_row.h"
#include "base/digest.h"

namespace answerable::access {
namespace {

struct Account {
  User user;
  std::string password_hash;
};

Result<std::optional<Account>> find_account(store::Session& session, const std::string& key) {
  return session.find(
      "select id, workspace_id, name, email, role, state, must_change_password, language, theme, shortcuts, "
      "created_at, "
      "last_seen_at, length(password_hash), has_second_factor, role_id, password_hash from users where email_key = $1",
      {key}, [](const store::Row& row) { return Account{.user = read_user(row), .password_hash = row.string(15)}; });
}

audit::Act act_of(const User& user, std::string_view action, SessionId session) {
  Actor actor;
  actor.kind = Actor::Kind::user;
  actor.workspace = user.workspace;
  actor.role = user.role;
  actor.user = user.id;
  actor.session = session;
  return {.workspace = user.workspace,
          .actor = actor.for_ledger(),
          .action = action,
          .object_kind = "session",
          .object_id = session.is_nil() ? std::string() : session.text()};
}

Result<SignedIn> open(store::Transaction& tx, const SignInRequest& request, const User& user,
                      const std::string& new_hash) {
  SignedIn signed_in;
  signed_in.user = user;
  signed_in.user.last_seen_at = tx.now();
  if (!request.replaces_token.empty()) {
    const auto replaced = sha256(request.replaces_token);
    TRY_STATUS(run(tx, "delete from sessions where token_hash = $1 and user_id = $2",
                   {store::Bytes{as_bytes(replaced)}, user.id}));
  }
  TRY(signed_in.device_token,
      remember_device(tx, user.id,
                      {.token = request.device_token, .user_agent = request.user_agent, .address = request.address}));
  TRY(signed_in.session, open_session(tx, {.workspace = user.workspace,
                                           .user = user.id,
                                           .user_agent = request.user_agent,
                                           .address = request.address,
                                           .device_token = signed_in.device_token}));
  TRY_STATUS(run(tx, "update users set last_seen_at = $3 where workspace_id = $1 and id = $2",
                 {user.workspace, user.id, tx.now()}));
  if (!new_hash.empty())
    TRY_STATUS(run(tx, "update users set password_hash = $3 where workspace_id = $1 and id = $2",
                   {user.workspace, user.id, new_hash}));
  TRY(signed_in.workspace, find_workspace(tx, user.workspace));
  TRY_STATUS(record(tx, act_of(user, "session.sign_in", signed_in.session.id)));
  return signed_in;
}

// Not waited for: otherwise an address that exists would be told from one that does not by the time of a commit.
void note_refusal(store::Database& database, const User& user) {
  database.submit([user](store::Transaction& tx) { return record(tx, act_of(user, "session.sign_in_refused", {})); },
                  [](const Status&) {});
}

std::unexpected<Error> refuse() {
  return fail(ErrorKind::unauthenticated, "invalid_credentials", "The mail address or the password is not right.");
}

}  // namespace

Result<SignedIn> sign_in(const SignInParts& parts, const SignInRequest& given, std::int64_t& wait_ms) {
  auto request = given;
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
  const bool matches = verify_password(hash, request.password, parts.cost);
  if (!account) return refuse();
  const auto user = account->user;
  if (!matches || !user.is_active) {
    note_refusal(parts.database, user);
    return refuse();
  }
  if (user.has_second_factor && request.code.empty()) {
    parts.throttle.forgive(attempt);
    return fail(ErrorKind::unauthenticated, "second_factor_needed", "Type the code that your app shows.");
  }
  std::string new_hash;
  if (needs_new_hash(hash, parts.cost)) {
    if (auto made = hash_password(request.password, parts.cost)) new_hash = *std::move(made);
  }
  // A token that is not known for this person is not taken over: a stranger could have planted it.
  if (attempt.device.empty()) request.device_token.clear();
  auto signed_in = parts.database.write([&](store::Transaction& tx) -> Result<SignedIn> {
    if (user.has_second_factor) TRY_STATUS(use_second_code(tx, parts.second_factor_key, user, request.code));
    return open(tx, request, user, new_hash);
  });
  if (signed_in) {
    parts.throttle.forgive(attempt);
  } else if (signed_in.error().code == "code_wrong") {
    note_refusal(parts.database, user);
  }
  return signed_in;
}

}  // namespace answerable::access
