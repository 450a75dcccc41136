#include "access/second_factor.h"

#include <sodium.h>

#include <algorithm>

#include "access/authorize.h"
#include "access/record.h"
#include "access/roles.h"
#include "access/session.h"
#include "access/totp.h"
#include "base/base32.h"
#include "base/digest.h"
#include "base/ensure.h"
#include "base/random.h"

namespace answerable::access {
namespace {

constexpr std::size_t recovery_characters = 16;  // of 32: 80 bits
constexpr std::size_t recovery_group = 4;

unsigned char* as_unsigned(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* as_unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// nonce ‖ XChaCha20-Poly1305, bound to the person: a row that is moved to another one does not open.
std::string seal(std::string_view key, UserId user, std::string_view secret) {
  ensure(sodium_init() >= 0 && key.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a key of 32 bytes");
  std::string nonce(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, '\0');
  fill_random(nonce.data(), nonce.size());
  std::string sealed(secret.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(as_unsigned(sealed), nullptr, as_unsigned(secret), secret.size(),
                                             as_unsigned(user.bytes()), user.bytes().size(), nullptr,
                                             as_unsigned(std::string_view(nonce)), as_unsigned(key));
  return nonce + sealed;
}

Result<std::string> open(std::string_view key, UserId user, std::string_view stored) {
  ensure(sodium_init() >= 0 && key.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a key of 32 bytes");
  constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  constexpr std::size_t more_bytes = nonce_bytes + crypto_aead_xchacha20poly1305_ietf_ABYTES;
  if (stored.size() < more_bytes) return fail(ErrorKind::internal, "second_factor_unreadable", "too short");
  std::string secret(stored.size() - more_bytes, '\0');
  const auto sealed = stored.substr(nonce_bytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(as_unsigned(secret), nullptr, nullptr, as_unsigned(sealed),
                                                 sealed.size(), as_unsigned(user.bytes()), user.bytes().size(),
                                                 as_unsigned(stored), as_unsigned(key)) != 0)
    return fail(ErrorKind::internal, "second_factor_unreadable", "another key, or a changed row");
  return secret;
}

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

// As it is compared: letters and digits of base32 only, whatever stands between them.
std::string recovery_key(std::string_view typed) {
  std::string key;
  for (char c : typed) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) key.push_back(c);
  }
  return key;
}

std::string make_recovery_code() {
  std::string bytes(recovery_characters * 5 / 8, '\0');
  fill_random(bytes.data(), bytes.size());
  auto code = to_base32(bytes);
  for (auto at = recovery_characters - recovery_group; at > 0; at -= recovery_group) code.insert(at, "-");
  return code;
}

Result<std::vector<std::string>> give_recovery_codes(store::Transaction& tx, const Actor& me) {
  TRY_STATUS(run(tx, "delete from recovery_codes where workspace_id = $1 and user_id = $2", {me.workspace, me.user}));
  std::vector<std::string> codes;
  for (int i = 0; i < recovery_codes_given; ++i) {
    codes.push_back(make_recovery_code());
    const auto hash = sha256(recovery_key(codes.back()));
    TRY_STATUS(run(tx, "insert into recovery_codes (workspace_id, user_id, code_hash) values ($1, $2, $3)",
                   {me.workspace, me.user, store::Bytes{as_bytes(hash)}}));
  }
  return codes;
}

Status note(store::Transaction& tx, const Actor& by, std::string_view action, const User& user) {
  return record(tx, {.workspace = user.workspace,
                     .actor = by.for_ledger(),
                     .action = action,
                     .object_kind = "user",
                     .object_id = user.id.text()});
}

Status note_use(store::Transaction& tx, const User& user, std::string_view action) {
  return record(tx, {.workspace = user.workspace,
                     .actor = {.kind = user.workspace.is_nil() ? "operator" : "user", .id = user.id.text()},
                     .action = action,
                     .object_kind = "user",
                     .object_id = user.id.text()});
}

std::unexpected<Error> wrong(ErrorKind kind) {
  return fail(kind, "code_wrong", "This code is not right, or was used before. Wait for the next one.");
}

Result<bool> use_recovery_code(store::Transaction& tx, const User& user, std::string_view code) {
  const auto key = recovery_key(code);
  if (key.size() != recovery_characters) return false;
  const auto hash = sha256(key);
  TRY(const auto rows,
      tx.execute("delete from recovery_codes where workspace_id = $1 and user_id = $2 and code_hash = $3",
                 {user.workspace, user.id, store::Bytes{as_bytes(hash)}}));
  if (rows == 0) return false;
  TRY_STATUS(note_use(tx, user, "user.use_recovery_code"));
  return true;
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
  SecondFactorState state{.is_on = user.has_second_factor};
  TRY(state.recovery_codes_left,
      session.number("select count(*) from recovery_codes where workspace_id = $1 and user_id = $2",
                     {me.workspace, me.user}));
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
  if (user.has_second_factor)
    return fail(ErrorKind::conflict, "second_factor_is_on", "A second factor is set up. Remove it first.");
  const auto secret = make_totp_secret();
  const auto sealed = seal(key, me.user, secret);
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
  TRY(const auto secret, open(key, me.user, stored->sealed));
  const auto step = match_totp(secret, code, tx.now(), stored->last_step);
  if (!step) return wrong(ErrorKind::invalid);
  TRY_STATUS(run(tx,
                 "update second_factors set confirmed_at = $3, last_step = $4 where workspace_id = $1 and user_id = $2",
                 {me.workspace, me.user, tx.now(), *step}));
  TRY_STATUS(
      run(tx, "update users set has_second_factor = 1 where workspace_id = $1 and id = $2", {me.workspace, me.user}));
  TRY_STATUS(end_sessions(tx, me.workspace, me.user, me.session));
  TRY_STATUS(note(tx, me, "user.add_second_factor", user));
  return give_recovery_codes(tx, me);
}

Result<std::vector<std::string>> renew_recovery_codes(store::Transaction& tx, const Actor& me) {
  TRY_STATUS(authorize(me, "me", "second_factor", true));
  TRY(const auto user, load_me(tx, me));
  if (!user.has_second_factor) return fail(ErrorKind::conflict, "second_factor_is_off", "No second factor is set up.");
  TRY_STATUS(note(tx, me, "user.renew_recovery_codes", user));
  return give_recovery_codes(tx, me);
}

Status remove_second_factor(store::Transaction& tx, const Actor& by, UserId id) {
  const bool is_own = by.kind == Actor::Kind::user && by.user == id;
  TRY_STATUS(is_own ? authorize(by, "me", "second_factor", true) : authorize(by, "user", "reset_second_factor"));
  TRY(const auto user, find_user(tx, by.workspace, id));
  if (!user) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  if (!is_own) TRY_STATUS(require_no_more(tx, by, *user));
  if (!user->has_second_factor) return fail(ErrorKind::conflict, "second_factor_is_off", "No second factor is set up.");
  if (is_own) {
    TRY(const bool is_required, is_required_of(tx, *user));
    if (is_required)
      return fail(ErrorKind::conflict, "second_factor_required", "Your workspace asks for a second factor.");
  }
  TRY_STATUS(run(tx, "delete from second_factors where workspace_id = $1 and user_id = $2", {by.workspace, id}));
  TRY_STATUS(run(tx, "delete from recovery_codes where workspace_id = $1 and user_id = $2", {by.workspace, id}));
  TRY_STATUS(run(tx,
                 "update users set has_second_factor = 0, must_change_password = case when password_needs_second = 1 "
                 "then 1 else must_change_password end where workspace_id = $1 and id = $2",
                 {by.workspace, id}));
  TRY_STATUS(end_sessions(tx, by.workspace, id, is_own ? std::optional(by.session) : std::nullopt));
  return note(tx, by, is_own ? "user.remove_second_factor" : "user.reset_second_factor", *user);
}

Status use_second_code(store::Transaction& tx, std::string_view key, const User& user, std::string_view code) {
  if (code.size() > second_code_bytes_max) return wrong(ErrorKind::unauthenticated);
  TRY(const auto stored, find_stored(tx, user.workspace, user.id));
  if (!stored || !stored->is_confirmed) return wrong(ErrorKind::unauthenticated);
  TRY(const bool is_recovery, use_recovery_code(tx, user, code));
  if (is_recovery) return {};
  TRY(const auto secret, open(key, user.id, stored->sealed));
  const auto digits = recovery_key(code);  // people write 123 456
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
  for (const auto role : {Role::agent, Role::supervisor, Role::administrator}) {
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

}  // namespace answerable::access
