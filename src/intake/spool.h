// The spool: every arrival as it came, kept. `spool_pending` names those that nobody has understood yet; what is no
// longer in it has its place in a conversation, in the quarantine, or is known to be a copy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/id.h"
#include "base/result.h"
#include "intake/arrival.h"
#include "store/blobs.h"
#include "store/session.h"

namespace answerable::intake {

// Returns false when an arrival of that channel and external key is there already: nothing is stored then. `blob` names
// the raw bytes when they are in the blob store; `node` is who will have it understood.
Result<bool> store_arrival(store::Transaction& tx, SpoolId id, const Arrival& arrival,
                           const std::optional<Digest>& blob, std::string_view node = {});

// Errors: not_found "spool_entry_not_found", internal "blob_damaged", not_found "blob_missing".
Result<Arrival> load_arrival(store::Session& session, store::Blobs& blobs, WorkspaceId workspace, SpoolId id);
// The same without its bytes when those are in the blob store. Errors: not_found "spool_entry_not_found".
Result<Arrival> load_envelope(store::Session& session, WorkspaceId workspace, SpoolId id);

// By the names that its channel knows it by; the message that becomes of it has this id.
Result<std::optional<SpoolId>> find_arrival(store::Session& session, const Arrival& arrival);

// Takes it out of the waiting ones. False: somebody did so before, and its effects are there.
Result<bool> settle(store::Transaction& tx, WorkspaceId workspace, SpoolId id);
// For whichever node takes it up first (take_up).
Status put_back(store::Transaction& tx, WorkspaceId workspace, ChannelId channel, SpoolId id, Insistence insistence);
// Its bytes are in the blob store from now on, and no longer in its row: there they are encrypted.
Status move_raw_to_blob(store::Transaction& tx, WorkspaceId workspace, SpoolId id, const Digest& blob);

struct Waiting {
  WorkspaceId workspace;
  SpoolId id;
  Insistence insistence = Insistence::none;
  int tries = 0;  // how often the process ended while it read this one
};
// Before the reading of one that a start took up, and with 0 when the process survived that.
Status note_tries(store::Transaction& tx, WorkspaceId workspace, SpoolId id, int tries);

// Each that waits belongs to the node that took it in; it is abandoned when that node is dead (cluster/membership.h),
// or when it belongs to nobody.
Result<bool> is_any_abandoned(store::Session& session, std::string_view node);
// For a node that starts: its own and all abandoned ones, which are its own from now on. Oldest first.
Result<std::vector<Waiting>> take_up_all(store::Transaction& tx, std::string_view node);
// For a node that runs: the abandoned ones. Of those at whose reading a process ended only one is under way at a time,
// so that the next end is the fault of that one.
Result<std::vector<Waiting>> take_up_abandoned(store::Transaction& tx, std::string_view node);
Status take_up(store::Transaction& tx, WorkspaceId workspace, SpoolId id, std::string_view node);

}  // namespace answerable::intake
