#include "access/passkey.h"

#include "access/account_mail.h"
#include "access/authorize.h"
#include "access/challenge.h"
#include "access/record.h"
#include "access/recovery_codes.h"
#include "access/second_factor.h"
#include "base/utf8.h"

namespace answerable::access {
namespace {

std::string purpose_to_add(const Actor& me) { return "add passkey " + me.user.text(); }

Passkey read_passkey(const store::Row& row) {
  return {
      .id = row.id<PasskeyId>(0), .name = row.string(1), .created_at = row.time(2), .last_used_at = row.maybe_time(3)};
}

Status check_name(std::string_view name) {
  if (name.empty() || one_line(name, passkey_name_bytes_max) != name)
    return fail(ErrorKind::invalid, "name_invalid", "A passkey needs a name of one line and at most 120 bytes.");
  return {};
}

struct Noted {
  std::string_view action;
  LetterKind kind;
  std::string name;  // of the passkey
};

Status note(store::Transaction& tx, const Actor& me, const User& user, Noted what) {
  TRY_STATUS(tell_person(tx, user, what.kind, me.name, std::move(what.name)));
  return record(tx, {.workspace = me.workspace,
                     .actor = me.for_ledger(),
                     .action = what.action,
                     .object_kind = "user",
                     .object_id = me.user.text()});
}

std::unexpected<Error> unknown() { return fail(ErrorKind::not_found, "passkey_unknown", "There is no such passkey."); }

Status insert(store::Transaction& tx, const Actor& me, const Passkey& passkey, const RegisteredPasskey& made) {
  TRY(const auto count,
      tx.number("select count(*) from passkeys where workspace_id = $1 and user_id = $2", {me.workspace, me.user}));
  if (count >= passkeys_per_user_max)
    return fail(ErrorKind::limited, "too_many_passkeys", "A person has at most 20 passkeys. Remove one first.");
  TRY(const auto rows,
      tx.execute(
          "insert into passkeys (credential_id, workspace_id, user_id, id, name, algorithm, public_key, counter, "
          "created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (credential_id) do nothing",
          {store::Bytes{made.credential_id}, me.workspace, me.user, passkey.id, passkey.name, made.key.algorithm,
           store::Bytes{made.key.bytes}, std::int64_t{made.counter}, passkey.created_at}));
  if (rows == 0) return fail(ErrorKind::conflict, "passkey_known", "This passkey is known already.");
  return {};
}

}  // namespace

Result<std::vector<Passkey>> my_passkeys(store::Session& session, const Actor& me) {
  TRY_STATUS(authorize(me, "me", "read_second_factor", true));
  return session.all(
      "select id, name, created_at, last_used_at from passkeys where workspace_id = $1 and user_id = $2 "
      "order by created_at, id",
      {me.workspace, me.user}, read_passkey);
}

Result<std::vector<std::string>> my_credential_ids(store::Session& session, const Actor& me) {
  TRY_STATUS(authorize(me, "me", "read_second_factor", true));
  return session.all("select credential_id from passkeys where workspace_id = $1 and user_id = $2",
                     {me.workspace, me.user}, [](const store::Row& row) { return std::string(row.bytes(0)); });
}

std::string challenge_to_add_passkey(std::string_view key, const Actor& me, Time now) {
  return make_challenge(key, purpose_to_add(me), now);
}

Result<AddedPasskey> add_passkey(store::Transaction& tx, const RelyingParty& party, std::string_view key,
                                 const Actor& me, const NewPasskey& given) {
  TRY_STATUS(authorize(me, "me", "second_factor", true));
  TRY_STATUS(check_name(given.name));
  TRY_STATUS(check_challenge(key, purpose_to_add(me), given.client.challenge, tx.now()));
  TRY(const auto made, read_registration(party, given.client, given.authenticator_data));
  TRY_STATUS(spend_challenge(tx, given.client.challenge));
  AddedPasskey added{.passkey = {.id = PasskeyId::make(tx.clock()),
                                 .name = given.name,
                                 .created_at = tx.now(),
                                 .last_used_at = std::nullopt},
                     .recovery_codes = {}};
  TRY_STATUS(insert(tx, me, added.passkey, made));
  TRY(const bool is_first, count_second_factors(tx, me.workspace, me.user));
  if (is_first) {
    TRY(added.recovery_codes, give_recovery_codes(tx, me.workspace, me.user));
    TRY_STATUS(end_sessions(tx, me.workspace, me.user, me.session));
  }
  TRY(const auto user, find_user(tx, me.workspace, me.user));
  if (!user) return unknown();
  TRY_STATUS(note(tx, me, *user, {"user.add_passkey", LetterKind::passkey_added, given.name}));
  return added;
}

Result<Passkey> rename_passkey(store::Transaction& tx, const Actor& me, PasskeyId id, std::string_view name) {
  TRY_STATUS(authorize(me, "me", "update", true));
  TRY_STATUS(check_name(name));
  TRY_STATUS(run(tx, "update passkeys set name = $4 where workspace_id = $1 and user_id = $2 and id = $3",
                 {me.workspace, me.user, id, name}));
  TRY(auto passkey,
      tx.find("select id, name, created_at, last_used_at from passkeys where workspace_id = $1 and user_id = $2 "
              "and id = $3",
              {me.workspace, me.user, id}, read_passkey));
  if (!passkey) return unknown();
  return *std::move(passkey);
}

Status remove_passkey(store::Transaction& tx, const Actor& me, PasskeyId id) {
  TRY_STATUS(authorize(me, "me", "second_factor", true));
  TRY(const auto name,
      tx.find("delete from passkeys where workspace_id = $1 and user_id = $2 and id = $3 returning name",
              {me.workspace, me.user, id}, [](const store::Row& row) { return row.string(0); }));
  if (!name) return unknown();
  TRY_STATUS(count_second_factors(tx, me.workspace, me.user));
  TRY(const auto user, find_user(tx, me.workspace, me.user));
  if (!user) return unknown();
  TRY(const bool is_missing, must_set_second_factor(tx, *user));
  if (is_missing)
    return fail(ErrorKind::conflict, "second_factor_required", "Your workspace asks for a second factor.");
  return note(tx, me, *user, {"user.remove_passkey", LetterKind::passkey_removed, *name});
}

}  // namespace answerable::access
