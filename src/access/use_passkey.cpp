// Signing in, and showing again who it is, by passkey.
#include "access/authorize.h"
#include "access/challenge.h"
#include "access/enter.h"
#include "access/passkey.h"
#include "access/record.h"

namespace answerable::access {
namespace {

constexpr std::string_view purpose_to_sign_in = "sign in";
std::string purpose_to_confirm(const Actor& me) { return "confirm " + me.session.text(); }

struct Held {
  User user;
  PasskeyPublicKey key;
  std::int64_t counter = 0;
};

std::unexpected<Error> unknown() {
  return fail(ErrorKind::unauthenticated, "passkey_unknown",
              "This passkey is not known here. It may have been removed. Sign in another way.");
}

Result<std::optional<Held>> find_held(store::Session& session, std::string_view credential_id) {
  struct Owner {
    WorkspaceId workspace;
    UserId user;
    Held held;
  };
  TRY(auto found, session.find("select workspace_id, user_id, algorithm, public_key, counter from passkeys "
                               "where credential_id = $1",
                               {store::Bytes{credential_id}}, [](const store::Row& row) {
                                 return Owner{
                                     .workspace = row.id<WorkspaceId>(0),
                                     .user = row.id<UserId>(1),
                                     .held = {.user = {},
                                              .key = {.algorithm = row.integer(2), .bytes = std::string(row.bytes(3))},
                                              .counter = row.integer(4)}};
                               }));
  if (!found) return std::optional<Held>();
  TRY(auto user, find_user(session, found->workspace, found->user));
  if (!user || !user->is_active) return std::optional<Held>();
  found->held.user = *std::move(user);
  return std::optional<Held>(std::move(found->held));
}

struct Proven {
  User user;
  std::int64_t before = 0, counter = 0;
};

// Outside the transaction: a signature takes time that the database's writer has not.
Result<Proven> prove(const SignInParts& parts, const RelyingParty& party, const PasskeyUse& use,
                     std::string_view purpose) {
  TRY_STATUS(check_challenge(parts.second_factor_key, purpose, use.client.challenge, parts.clock.now()));
  if (use.credential_id.size() > credential_id_bytes_max) return unknown();
  TRY(const auto held,
      parts.database.query([&](store::Session& session) { return find_held(session, use.credential_id); }));
  if (!held) return unknown();
  TRY(const auto counter, verify_assertion(party, use.client, held->key, use.authenticator_data, use.signature));
  // 0 and 0: it does not count.
  const bool is_copy = (counter != 0 || held->counter != 0) && counter <= held->counter;
  if (!is_copy) return Proven{.user = held->user, .before = held->counter, .counter = counter};
  note_refused(parts.database, held->user);
  return fail(ErrorKind::unauthenticated, "passkey_copied",
              "This passkey seems to exist twice, so it is not accepted. Sign in another way, and remove it.");
}

Status spend(store::Transaction& tx, const PasskeyUse& use, const Proven& proven) {
  TRY_STATUS(spend_challenge(tx, use.client.challenge));
  TRY(const auto rows, tx.execute("update passkeys set counter = $2, last_used_at = $3 where credential_id = $1 and "
                                  "counter = $4",
                                  {store::Bytes{use.credential_id}, proven.counter, tx.now(), proven.before}));
  if (rows == 0) return unknown();  // removed, or used, in between
  return {};
}

template <class T>
Result<T> with_kind(Result<T> result, ErrorKind kind) {
  const bool is_ours =
      !result && (result.error().kind == ErrorKind::invalid || result.error().kind == ErrorKind::unauthenticated);
  if (is_ours) result.error().kind = kind;
  return result;
}

}  // namespace

std::string challenge_to_sign_in(std::string_view key, Time now) {
  return make_challenge(key, purpose_to_sign_in, now);
}

std::string challenge_to_confirm(std::string_view key, const Actor& me, Time now) {
  return make_challenge(key, purpose_to_confirm(me), now);
}

Result<SignedIn> sign_in_with_passkey(const SignInParts& parts, const RelyingParty& party, const PasskeyUse& use,
                                      const SignInRequest& request) {
  auto signed_in = [&]() -> Result<SignedIn> {
    TRY(const auto proven, prove(parts, party, use, purpose_to_sign_in));
    return parts.database.write([&](store::Transaction& tx) -> Result<SignedIn> {
      TRY_STATUS(spend(tx, use, proven));
      return enter(tx, proven.user,
                   {.device_token = request.device_token,
                    .user_agent = request.user_agent,
                    .address = request.address,
                    .replaces_token = request.replaces_token,
                    .by = "passkey"});
    });
  }();
  return with_kind(std::move(signed_in), ErrorKind::unauthenticated);
}

Status confirm_with_passkey(const SignInParts& parts, const RelyingParty& party, const PasskeyUse& use,
                            const Actor& me) {
  TRY_STATUS(authorize(me, "session", "confirm", true));
  auto status = [&]() -> Status {
    TRY(const auto proven, prove(parts, party, use, purpose_to_confirm(me)));
    if (proven.user.id != me.user) return unknown();
    return parts.database.write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(spend(tx, use, proven));
      TRY_STATUS(run(tx, "update sessions set confirmed_at = $4 where workspace_id = $1 and user_id = $2 and id = $3",
                     {me.workspace, me.user, me.session, tx.now()}));
      return record(tx, {.workspace = me.workspace,
                         .actor = me.for_ledger(),
                         .action = "session.confirm",
                         .object_kind = "session",
                         .object_id = me.session.text(),
                         .details = {{"by", "passkey"}}});
    });
  }();
  // Not "unauthenticated": the session holds, whatever was shown.
  return with_kind(std::move(status), ErrorKind::invalid);
}

}  // namespace answerable::access
