// The ledger's key is replaced by another: the entry that says so, and the keys that a ledger has had.
#pragma once

#include <optional>
#include <string_view>

#include "audit/key_change.h"
#include "store/database.h"

namespace answerable::audit {

// The keys that this ledger's entries name, believed by who trusts `trusted`. Errors: those of LedgerKeys::of; those of
// the database.
Result<LedgerKeys> keys_of(store::Session& session, WorkspaceId workspace, const PublicKey& trusted);
// The same of the ledger that this note says it is of. Errors: also invalid "checkpoint_origin".
Result<LedgerKeys> keys_of_note(store::Session& session, std::string_view note, const PublicKey& trusted);

// Writes the entry. A ledger of which nothing was signed yet has no key to replace, and gets none. Whoever signs it
// from the commit on must have `to`. Errors: internal "ledger_broken": the ledger does not fit what was signed; limited
// "too_many_keys".
Status change_key(store::Transaction& tx, WorkspaceId workspace, const SigningKey& from, const SigningKey& to);
// The same where the old key is lost or known to others: first an entry ledger.epoch gives up the newest head that it
// signed, so that what else it signs is of another origin.
Status abandon_key(store::Transaction& tx, WorkspaceId workspace, const PublicKey& from, const SigningKey& to);

}  // namespace answerable::audit
