// A folder of a mailbox as a whole, and what it was when all its mails were last found accounted for. A server that
// offers CONDSTORE (RFC 7162) raises HIGHESTMODSEQ with every change, so an equal state needs no look at each UID.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "channels/email/mailbox_items.h"
#include "store/session.h"

namespace answerable::channels {

struct FolderState {
  std::int64_t validity = 0;  // UIDVALIDITY
  std::uint32_t exists = 0, next_uid = 0;
  std::int64_t modseq = 0;  // HIGHESTMODSEQ; of these, 0: the server does not say
  bool operator==(const FolderState&) const = default;
  // Would a change show in it?
  bool tells_changes() const { return validity != 0 && next_uid != 0 && modseq != 0; }
};

struct CheckedState {
  FolderState state;
  Time at;
};
// Nothing when the folder was never found complete, or has another UIDVALIDITY now.
Result<std::optional<CheckedState>> find_checked_state(store::Session& session, const Place& place);
Status remember_checked_state(store::Transaction& tx, const Place& place, const CheckedState& checked);

}  // namespace answerable::channels
