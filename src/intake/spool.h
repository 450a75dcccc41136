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
// the raw bytes when they are in the blob store.
Result<bool> store_arrival(store::Transaction& tx, SpoolId id, const Arrival& arrival,
                           const std::optional<Digest>& blob);

// Errors: not_found "spool_entry_not_found", internal "blob_damaged", not_found "blob_missing".
Result<Arrival> load_arrival(store::Session& session, store::Blobs& blobs, WorkspaceId workspace, SpoolId id);
// The same without its bytes when those are in the blob store. Errors: not_found "spool_entry_not_found".
Result<Arrival> load_envelope(store::Session& session, WorkspaceId workspace, SpoolId id);

// By the names that its channel knows it by; the message that becomes of it has this id.
Result<std::optional<SpoolId>> find_arrival(store::Session& session, const Arrival& arrival);

// Takes it out of the waiting ones. False: somebody did so before, and its effects are there.
Result<bool> settle(store::Transaction& tx, WorkspaceId workspace, SpoolId id);
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
// All that wait, oldest first.
Result<std::vector<Waiting>> list_waiting(store::Session& session);

}  // namespace answerable::intake
