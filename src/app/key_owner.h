// The keys of an installation belong to one database, which keeps their fingerprint: a second node with keys of its own
// would encrypt what the first cannot read, and sign another ledger.
#pragma once

#include <span>

#include "app/keys.h"
#include "audit/signing_key.h"
#include "base/result.h"
#include "store/database.h"

namespace answerable::app {

std::span<const store::Migration> key_owner_schema();

// Gives the database the fingerprint where it has none yet. `database` is migrated and may be written. Errors: conflict
// "keys_of_another_installation" with what to do.
Status claim_keys(store::Database& database, const Keys& keys, const audit::PublicKey& ledger_key);

// The keys have been replaced: from the commit on the database belongs to these.
Status hand_over_keys(store::Transaction& tx, const Keys& keys);
// The same of the ledger's key alone.
Status hand_over_ledger_key(store::Transaction& tx, const audit::PublicKey& ledger_key);
// Whose signatures the database's ledgers have. Errors: conflict "keys_of_another_installation" when it is not of these
// keys, or of none.
Result<audit::PublicKey> ledger_key_of(store::Session& session, const Keys& keys);

}  // namespace answerable::app
