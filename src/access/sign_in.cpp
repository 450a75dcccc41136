#include "access/sign_in.h"

#include "access/record.h"
#include "access/second_factor.h"
#include "access/user_row.h"
#include "base/digest.h"
#include "base/random.h"
#include "base/utf8.h"

namespace answerable::access {
namespace {

constexpr std::size_t device_token_characters_max = 64;
constexpr std::int64_t devices_per_user_max = 20;

struct Account {
  User user;
  std::string password_hash;
};

std::string digest_of(std::string_view token) {
  const auto digest = sha256(token);
  return std::string(as_bytes(digest));
}

Result<std::optional<Account>> find_account(store::Session& session, const std::string& key) {
  return session.find(
      "select id, workspace_id, name, email, role, state, must_change_password, language, theme, shortcuts, "
      "created_at, "
      "last_seen_at, length(password_hash), has_second_factor, password_hash from users where email_key = $1",
      {key}, [](const store::Row& row) { return Account{.user = read_user(row), .password_hash = row.string(14)}; });
}

Result<bool> is_known_device(store::Session& session, const std::string& device_hash, UserId user) {
  TRY(const auto count, session.number("select count(*) from known_devices where token_hash = $1 and user_id = $2",
                                       {store::Bytes{device_hash}, user}));
  return count > 0;
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

Status remember_device(store::Transaction& tx, UserId user, const std::string& device_hash) {
  TRY_STATUS(run(tx,
                 "insert into known_devices (token_hash, user_id, last_used_at) values ($1, $2, $3) "
                 "on conflict (token_hash, user_id) do update set last_used_at = excluded.last_used_at",
                 {store::Bytes{device_hash}, user, tx.now()}));
  return run(tx,
             "delete from known_devices where user_id = $1 and token_hash in (select token_hash from known_devices "
             "where user_id = $1 order by last_used_at desc, token_hash limit 1000 offset $2)",
             {user, devices_per_user_max});
}

Result<SignedIn> open(store::Transaction& tx, const SignInRequest& request, const User& user,
                      const std::string& new_hash) {
  SignedIn signed_in;
  signed_in.user = user;
  signed_in.user.last_seen_at = tx.now();
  signed_in.device_token = request.device_token.empty() ? random_token() : request.device_token;
  if (!request.replaces_token.empty()) {
    TRY_STATUS(run(tx, "delete from sessions where token_hash = $1 and user_id = $2",
                   {store::Bytes{digest_of(request.replaces_token)}, user.id}));
  }
  TRY(signed_in.session, open_session(tx, {.workspace = user.workspace,
                                           .user = user.id,
                                           .user_agent = request.user_agent,
                                           .address = request.address}));
  TRY_STATUS(remember_device(tx, user.id, digest_of(signed_in.device_token)));
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
  if (request.device_token.size() > device_token_characters_max) request.device_token.clear();
  SignInAttempt attempt{.email_key = email_key(request.email), .device = {}, .address_key = request.address_key};
  std::optional<Account> account;
  const auto device = digest_of(request.device_token);
  TRY_STATUS(parts.database.read([&](store::Session& session) -> Status {
    TRY(account, find_account(session, attempt.email_key));
    if (!account || request.device_token.empty()) return {};
    TRY(const bool is_known, is_known_device(session, device, account->user.id));
    if (is_known) attempt.device = device;
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
