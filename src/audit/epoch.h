// Epochs. A database that was restored from a backup has forgotten entries that were signed. To go on would sign two
// histories under one origin, so the ledger begins a new epoch, by an entry that names the head it gives up
// (docs/decisions/0029). What was signed last is remembered beside the database: one note a ledger in a folder.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/key_change.h"
#include "audit/ledger.h"
#include "store/database.h"

namespace answerable::audit {

inline constexpr std::string_view epoch_action = "ledger.epoch";

// What an entry of this action says: the ledger's epoch from this entry on, and the head that was given up.
struct Epoch {
  std::int64_t number = 0;
  Checkpoint abandoned;
};
// Errors: invalid "epoch_malformed": it does not name a head of an epoch before, signed by the key of that time.
Result<Epoch> read_epoch(const LedgerKeys& keys, const Act& act);
// Begins one: the entry, and what is kept beside it.
Status append_epoch(store::Transaction& tx, WorkspaceId workspace, std::int64_t number, std::string_view abandoned);
// Whether the newest checkpoint in the database fits the entries there.
Result<bool> fits_itself(store::Session& session, const PublicKey& key, WorkspaceId workspace);

// The newest signed note of each ledger, as files beside the database. A note is written after its checkpoint is
// committed and not synced: after a power failure it may be an older one, which does no harm.
class SignedHeads {
 public:
  explicit SignedHeads(std::string folder) : folder_(std::move(folder)) {}

  // Errors: unavailable "storage_unavailable".
  Status remember(WorkspaceId workspace, std::string_view note) const;
  // What is in the folder, whatever it is called; no error when there is no folder.
  std::vector<std::string> notes() const;

 private:
  std::string folder_;
};

// What else must be done about a workspace that was restored, in the transaction that begins its epoch: done with it or
// not at all. The nil workspace is the installation.
using OnRestored = std::function<Status(store::Transaction&, WorkspaceId)>;

// Begins a new epoch in each ledger that does not continue what was signed of it. To be called before anything else is
// written and before a Sealer is made. Leaves alone a ledger whose own checkpoints do not fit its entries: that is no
// restore. Returns how many began.
Result<int> begin_epochs(store::Database& database, const PublicKey& key, const SignedHeads& heads,
                         const OnRestored& on_restored = {});

}  // namespace answerable::audit
