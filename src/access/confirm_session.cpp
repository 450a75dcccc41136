#include "access/confirm_session.h"

#include "access/authorize.h"
#include "access/record.h"
#include "access/second_factor.h"

namespace answerable::access {

Status confirm_session(const SignInParts& parts, const Actor& me, const Confirmation& given, std::int64_t& wait_ms) {
  TRY_STATUS(authorize(me, "session", "confirm", true));
  const auto key = me.user.text();
  const SignInAttempt attempt{.email_key = key, .device = {}, .address_key = key};
  wait_ms = parts.throttle.admit(attempt);
  if (wait_ms > 0) return fail(ErrorKind::limited, "too_many_attempts", "Too many attempts. Wait.");
  std::optional<User> user;
  std::string hash;
  TRY_STATUS(parts.database.read([&](store::Session& session) -> Status {
    TRY(user, find_user(session, me.workspace, me.user));
    TRY(hash, load_password_hash(session, me.workspace, me.user));
    return {};
  }));
  if (!user || !verify_password(hash, given.password, parts.cost))
    return fail(ErrorKind::invalid, "wrong_password", "This is not your password.");
  auto status = parts.database.write([&](store::Transaction& tx) -> Status {
    if (user->has_second_factor) TRY_STATUS(use_second_code(tx, parts.second_factor_key, *user, given.code));
    TRY_STATUS(run(tx, "update sessions set confirmed_at = $4 where workspace_id = $1 and user_id = $2 and id = $3",
                   {me.workspace, me.user, me.session, tx.now()}));
    return record(tx, {.workspace = me.workspace,
                       .actor = me.for_ledger(),
                       .action = "session.confirm",
                       .object_kind = "session",
                       .object_id = me.session.text()});
  });
  if (status) parts.throttle.forgive(attempt);
  // Not "unauthenticated": the session holds, whatever was typed.
  if (!status && status.error().kind == ErrorKind::unauthenticated) status.error().kind = ErrorKind::invalid;
  return status;
}

}  // namespace answerable::access
