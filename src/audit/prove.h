// Proofs out of the database, as the files of proof_file.h. Reads the hashes of all leaves: 32 bytes of memory and
// about a microsecond for each.
#pragma once

#include <optional>
#include <string>

#include "audit/checkpoint.h"
#include "store/session.h"

namespace answerable::audit {

// The newest checkpoint of the epoch that the ledger is in, as a signed note.
Result<std::optional<std::string>> newest_checkpoint(store::Session& session, WorkspaceId workspace);

// That an entry is in its ledger; followed, where the installation's ledger holds the checkpoint that the proof ends
// in, by the same for that entry there: then a witness of the installation's ledger stands for this entry too. Errors:
// not_found "entry_not_found"; unavailable "entry_not_sealed" (a checkpoint is made within a second); internal
// "ledger_broken" (the entries do not fit what was signed).
Result<std::string> prove_entry(store::Session& session, const PublicKey& key, WorkspaceId workspace, std::int64_t seq);

// That the ledger continues the one of the checkpoint `held`. Errors: those of open_checkpoint; unavailable
// "entry_not_sealed"; conflict "ledger_forked": the ledger does not continue it, because entries were changed or a
// backup was restored.
Result<std::string> prove_growth(store::Session& session, const PublicKey& key, std::string_view held);

}  // namespace answerable::audit
