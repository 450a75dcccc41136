#include "app/key_owner.h"

#include <array>
#include <string>

#include "base/encoding.h"

namespace answerable::app {

namespace {

constexpr std::string_view table = R"sql(
create table key_owner (
  only_row bigint not null primary key,
  fingerprint text not null,
  ledger_key text not null);
)sql";

constexpr std::array migrations{store::Migration{"app/0002-key-owner", table}};

struct Known {
  std::string fingerprint, ledger_key;
  bool operator==(const Known&) const = default;
};

Result<std::optional<Known>> find_known(store::Session& session) {
  return session.find("select fingerprint, ledger_key from key_owner where only_row = 1", {},
                      [](const store::Row& row) { return Known{row.string(0), row.string(1)}; });
}

std::unexpected<Error> of_another() {
  return fail(
      ErrorKind::conflict, "keys_of_another_installation",
      "This database belongs to other keys than those in the folder keys of server.data_dir. On a further node, "
      "copy that folder from the first one; after a loss, restore it from the backup of your keys.");
}

}  // namespace

std::span<const store::Migration> key_owner_schema() { return migrations; }

Status claim_keys(store::Database& database, const Keys& keys, const audit::PublicKey& ledger_key) {
  const Known ours{to_hex(keys.fingerprint), ledger_key.text()};
  TRY(const auto known, database.write([&](store::Transaction& tx) -> Result<std::optional<Known>> {
    TRY_STATUS(
        tx.execute("insert into key_owner (only_row, fingerprint, ledger_key) values (1, $1, $2) "
                   "on conflict do nothing",
                   {ours.fingerprint, ours.ledger_key}));
    return find_known(tx);
  }));
  if (known == ours) return {};
  return of_another();
}

Result<audit::PublicKey> ledger_key_of(store::Session& session, const Keys& keys) {
  TRY(const auto known, find_known(session));
  if (!known || known->fingerprint != to_hex(keys.fingerprint)) return of_another();
  return audit::parse_public_key(known->ledger_key);
}

Status hand_over_ledger_key(store::Transaction& tx, const audit::PublicKey& ledger_key) {
  TRY_STATUS(tx.execute("update key_owner set ledger_key = $1", {ledger_key.text()}));
  return {};
}

Status hand_over_keys(store::Transaction& tx, const Keys& keys) {
  TRY_STATUS(tx.execute("update key_owner set fingerprint = $1", {to_hex(keys.fingerprint)}));
  return {};
}

}  // namespace answerable::app
