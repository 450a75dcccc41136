#include "access/second_factor.h"

#include <algorithm>

#include "access/account_mail.h"
#include "access/authorize.h"
#include "access/record.h"
#include "access/recovery_codes.h"
#include "access/roles.h"
#include "access/seal.h"
#include "access/session.h"
#include "access/totp.h"
#include "base/base32.h"

namespace answerable::access {
namespace {

struct Stored {
  std::string sealed;
  bool is_confirmed = false;
  std::int64_t last_step = 0;
};

Result<std::optional<Stored>> find_stored(store::Session& session, WorkspaceId workspace, UserId user) {
  return session.find(
      "select sealed_secret, confirmed_at, last_step from second_factors where workspace_id = $1 and user_id = $2",
      {workspace, user}, [](const store::Row& row) {
        return Stored{.sealed = std::string(row.bytes(0)),
                      .is_confirmed = row.maybe_time(1).has_value(),
                      .last_step = row.integer(2)};
      });
}

Result<User> load_me(store::Session& session, const Actor& me) {
  TRY(auto user, find_user(session, me.workspace, me.user));
  if (!user) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  return *std::move(user);
}

Status note(store::Transaction& tx, const Actor& by, std::string_view action, const User& user) {
  return record(tx, {.workspace = user.workspace,
                     .actor = by.for_ledger(),
                     .action = action,
                     .object_kind = "user",
                     .object_id = user.id.text()});
}

Status note_recovery(store::Transaction& tx, const User& user) {
  return record(tx, {.workspace = user.workspace,
                     .actor = {.kind = user.workspace.is_nil() ? "operator" : "user", .id = user.id.text()},
                     .action = "user.use_recovery_code",
                     .object_kind = "user",
                     .object_id = user.id.text()});
}

std::unexpected<Error> wrong(ErrorKind kind) {
  return fail(kind, "code_wrong", "This code is not right, or was used before. Wait for the next one.");
}

// A composed role counts as the lowest built-in one that has all of it.
Result<bool> is_required_of(store::Session& session, const User& user) {
  TRY(const auto rows, session.number("select count(*) from second_factor_roles where workspace_id = $1 and role = "
                                      "coalesce((select counts_as from roles where workspace_id = $1 and id = $2), $3)",
                                      {user.workspace, user.composed, to_string(user.role)}));
  return rows > 0;
}

}  // namespace

Result<SecondFactorState> my_second_factor(store::Session& session, const Actor& me) {
  TRY_STATUS(authorize(me, "me", "read_second_factor", true));
  TRY(const auto user, load_me(session, me));
  TRY(const auto stored, find_stored(session, me.workspace, me.user));
  SecondFactorState state{.is_on = stored && stored->is_confirmed};
  TRY(state.passkeys, session.number("select count(*) from passkeys where workspace_id = $1 and user_id = $2",
                                     {me.workspace, me.user}));
  TRY(state.recovery_codes_left, recovery_codes_left(session, me.workspace, me.user));
  TRY(state.is_required, is_required_of(session, user));
  return state;
}

Result<bool> must_set_second_factor(store::Session& session, const User& user) {
  if (user.has_second_factor) return false;
  return is_required_of(session, user);
}

Result<NewSecondFactor> begin_second_factor(store::Transaction& tx, std::string_view key, const Actor& me) {
  TRY_STATUS(authorize(me, "me", "second_factor", true));
  TRY(const auto user, load_me(tx, me));
  TRY(const auto stored, find_stored(tx, me.workspace, me.user));
  if (stored && stored->is_confirmed)
    return fail(ErrorKind::conflict, "second_factor_is_on", "A second factor is set up. Remove it first.");
  const auto secret = make_totp_secret();
  const auto sealed = seal(key, me.user.bytes(), secret);
  TRY_STATUS(run(tx,
                 "insert into second_factors (workspace_id, user_id, sealed_secret, created_at, last_step) "
                 "values ($1, $2, $3, $4, 0) on conflict (workspace_id, user_id) do update set "
                 "sealed_secret = excluded.sealed_secret, created_at = excluded.created_at, last_step = 0",
                 {me.workspace, me.user, store::Bytes{sealed}, tx.now()}));
  return NewSecondFactor{.secret = to_base32(secret), .uri = totp_uri(secret, "Answerable", user.email)};
}

Result<std::vector<std::string>> confirm_second_factor(store::Transaction& tx, std::string_view key, const Actor& me,
                                                       std::string_view code) {
  TRY_STATUS(authorize(me, "me", "second_factor", true));
  TRY(const auto user, load_me(tx, me));
  TRY(const auto stored, find_stored(tx, me.workspace, me.user));
  if (!stored || stored->is_confirmed)
    return fail(ErrorKind::conflict, "second_factor_not_begun", "Begin with a new secret for your app.");
  TRY(const auto secret, unseal(key, me.user.bytes(), stored->sealed));
  const auto step = match_totp(secret, code, tx.now(), stored->last_step);
  if (!step) return wrong(ErrorKind::invalid);
  TRY_STATUS(run(tx,
                 "update second_factors set confirmed_at = $3, last_step = $4 where workspace_id = $1 and user_id = $2",
                 {me.workspace, me.user, tx.now(), *step}));
  TRY_STATUS(count_second_factors(tx, me.workspace, me.user));
  TRY_STATUS(end_sessions(tx, me.workspace, me.user, me.session));
  TRY_STATUS(note(tx, me, "user.add_second_factor", user));
  TRY_STATUS(tell_person(tx, user, LetterKind::second_factor_added, me.name, {}));
  return give_recovery_codes(tx, me.workspace, me.user);
}

Result<std::vector<std::string>> renew_recovery_codes(store::Transaction& tx, const Actor& me) {
  TRY_STATUS(authorize(me, "me", "second_factor", true));
  TRY(const auto user, load_me(tx, me));
  if (!user.has_second_factor) return fail(ErrorKind::conflict, "second_factor_is_off", "No second factor is set up.");
  TRY_STATUS(note(tx, me, "user.renew_recovery_codes", user));
  return give_recovery_codes(tx, me.workspace, me.user);
}

Result<bool> count_second_factors(store::Transaction& tx, WorkspaceId workspace, UserId user) {
  TRY(const auto count,
      tx.number("select (select count(*) from passkeys where workspace_id = $1 and user_id = $2) + (select count(*) "
                "from second_factors where workspace_id = $1 and user_id = $2 and confirmed_at is not null)",
                {workspace, user}));
  if (count > 0) {
    TRY(const auto rows, tx.execute("update users set has_second_factor = 1 where workspace_id = $1 and id = $2 "
                                    "and has_second_factor = 0",
                                    {workspace, user}));
    return rows > 0;
  }
  TRY_STATUS(run(tx, "delete from recovery_codes where workspace_id = $1 and user_id = $2", {workspace, user}));
  TRY_STATUS(run(tx,
                 "update users set has_second_factor = 0, must_change_password = case when password_needs_second = 1 "
                 "then 1 else must_change_password end where workspace_id = $1 and id = $2",
                 {workspace, user}));
  return false;
}

Status remove_second_factor(store::Transaction& tx, const Actor& by, UserId id) {
  const bool is_own = by.kind == Actor::Kind::user && by.user == id;
  TRY_STATUS(is_own ? authorize(by, "me", "second_factor", true) : authorize(by, "user", "reset_second_factor"));
  TRY(const auto user, find_user(tx, by.workspace, id));
  if (!user) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  if (!is_own) TRY_STATUS(require_no_more(tx, by, *user));
  TRY(const auto apps,
      tx.execute("delete from second_factors where workspace_id = $1 and user_id = $2", {by.workspace, id}));
  if (is_own ? apps == 0 : !user->has_second_factor)
    return fail(ErrorKind::conflict, "second_factor_is_off", "No second factor is set up.");
  if (!is_own) TRY_STATUS(run(tx, "delete from passkeys where workspace_id = $1 and user_id = $2", {by.workspace, id}));
  TRY_STATUS(count_second_factors(tx, by.workspace, id));
  TRY(const auto after, find_user(tx, by.workspace, id));
  TRY(const bool is_missing, must_set_second_factor(tx, *after));
  if (is_own && is_missing)
    return fail(ErrorKind::conflict, "second_factor_required", "Your workspace asks for a second factor.");
  TRY_STATUS(end_sessions(tx, by.workspace, id, is_own ? std::optional(by.session) : std::nullopt));
  const auto who = by.name.empty() ? std::string("Answerable") : by.name;  // a command of the operator has no name
  TRY_STATUS(tell_person(tx, *user, LetterKind::second_factor_removed, who, {}));
  return note(tx, by, is_own ? "user.remove_second_factor" : "user.reset_second_factor", *user);
}

Status use_second_code(store::Transaction& tx, std::string_view key, const User& user, std::string_view code) {
  if (code.size() > second_code_bytes_max) return wrong(ErrorKind::unauthenticated);
  TRY(const bool is_recovery, use_recovery_code(tx, user.workspace, user.id, code));
  if (is_recovery) return note_recovery(tx, user);
  TRY(const auto stored, find_stored(tx, user.workspace, user.id));
  if (!stored || !stored->is_confirmed) return wrong(ErrorKind::unauthenticated);
  TRY(const auto secret, unseal(key, user.id.bytes(), stored->sealed));
  const auto digits = bare_code(code);  // people write 123 456
  const auto step = match_totp(secret, digits, tx.now(), stored->last_step);
  if (!step) return wrong(ErrorKind::unauthenticated);
  // Asked for again as it is written: of two who come with one code at once, one gets in.
  TRY(const auto rows, tx.execute("update second_factors set last_step = $3 where workspace_id = $1 and user_id = $2 "
                                  "and last_step < $3",
                                  {user.workspace, user.id, *step}));
  if (rows == 0) return wrong(ErrorKind::unauthenticated);
  return {};
}

Result<std::vector<Role>> second_factor_roles(store::Session& session, const Actor& by) {
  TRY_STATUS(authorize(by, "second_factor_rule", "read"));
  return session.all("select role from second_factor_roles where workspace_id = $1 order by role", {by.workspace},
                     [](const store::Row& row) { return parse_role(row.text(0)).value_or(Role::agent); });
}

Status set_second_factor_roles(store::Transaction& tx, const Actor& by, const std::vector<Role>& roles) {
  TRY_STATUS(authorize(by, "second_factor_rule", "update"));
  TRY_STATUS(run(tx, "delete from second_factor_roles where workspace_id = $1", {by.workspace}));
  std::string names;
  for (const auto role : {Role::agent, Role::supervisor, Role::administrator, Role::operator_}) {
    if ((role == Role::operator_) != by.workspace.is_nil()) continue;
    if (std::find(roles.begin(), roles.end(), role) == roles.end()) continue;
    TRY_STATUS(run(tx, "insert into second_factor_roles (workspace_id, role) values ($1, $2)",
                   {by.workspace, to_string(role)}));
    names.append(names.empty() ? "" : " ").append(to_string(role));
  }
  return record(tx, {.workspace = by.workspace,
                     .actor = by.for_ledger(),
                     .action = "workspace.second_factor_roles",
                     .object_kind = "workspace",
                     .object_id = by.workspace.text(),
                     .details = {{"roles", names}}});
}

Status demand_second_factor(store::Transaction& tx, WorkspaceId workspace) {
  return set_second_factor_roles(tx, system_actor(workspace),
                                 {Role::agent, Role::supervisor, Role::administrator, Role::operator_});
}

Result<std::int64_t> reseal_second_factors(store::Transaction& tx, std::string_view from, std::string_view to) {
  struct Sealed {
    WorkspaceId workspace;
    UserId user;
    std::string secret;
  };
  TRY(const auto all,
      tx.all("select workspace_id, user_id, sealed_secret from second_factors", {}, [](const store::Row& row) {
        return Sealed{
            .workspace = row.id<WorkspaceId>(0), .user = row.id<UserId>(1), .secret = std::string(row.bytes(2))};
      }));
  std::int64_t unreadable = 0;
  for (const auto& one : all) {
    const auto resealed = reseal(from, to, one.user.bytes(), one.secret);
    if (!resealed) ++unreadable;
    if (resealed)
      TRY_STATUS(run(tx, "update second_factors set sealed_secret = $3 where workspace_id = $1 and user_id = $2",
                     {one.workspace, one.user, store::Bytes{*resealed}}));
  }
  return unreadable;
}

}  // namespace answerable::access
