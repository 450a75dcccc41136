// The life of an attempt, one transaction a step: claim a lease, begin (rendered bytes durable, the send may start),
// record the outcome. A crash between two steps is resolved by recover_expired. Used by Dispatcher; pure rules in
// backoff.h.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "outbox/backoff.h"
#include "outbox/carrier.h"
#include "outbox/delivery.h"
#include "store/blobs.h"
#include "store/session.h"

namespace answerable::outbox {

inline constexpr std::int64_t lease_ms = 5 * 60'000;        // a Carrier's own deadline must be well below
inline constexpr std::size_t rendered_inline_max = 65'536;  // bytes; larger ones go to the blob store
inline constexpr std::int64_t ambiguous_attempts_max = 8;   // after that many a person decides

struct Claimed {
  Delivery delivery;
  std::optional<Digest>
      rendered_blob;     // set when the rendered bytes are in the blob store instead of delivery.rendered
  store::BlobHold hold;  // of a rendered_blob that this attempt has put
};
inline constexpr std::int64_t no_carrier_wait_ms = 30'000;
inline constexpr std::int64_t not_examined_wait_ms = 2'000;
using HasCarrier = std::function<bool(WorkspaceId, ChannelId)>;
// Who has all the places that are theirs: nothing of them is claimed, or looked for, now. Nil: nobody.
struct Busy {
  std::array<ChannelId, 3> channels{};
  std::array<WorkspaceId, 2> workspaces{};
};
// Leases up to `limit` due deliveries for `holder` (a node id), each the first of its conversation that still may go.
// Deliveries of suspended workspaces become held instead, and held ones of workspaces that are free again become
// queued. Those of a channel without a carrier wait on, without a word; one that cannot be read fails by itself.
Result<std::vector<Claimed>> claim_due(store::Transaction& tx, std::string_view holder, int limit,
                                       const HasCarrier& has_carrier = nullptr, const Busy& busy = {});

struct Begin {
  DeliveryId delivery;
  WorkspaceId workspace;
  std::int64_t fence = 0;
  const Rendered* rendered = nullptr;     // nullptr: rendered by an earlier attempt
  const Digest* rendered_blob = nullptr;  // where the bytes are when they are too large for the row
};
// Stores what will be sent and marks the send as begun. False: the lease is lost, or the workspace has been suspended
// meanwhile (the delivery is held): do not send.
Result<bool> begin_attempt(store::Transaction& tx, const Begin& begin);

struct Ended {
  WorkspaceId workspace;
  DeliveryId delivery;
  std::int64_t fence = 0;
  SendResult result;
  Ambiguity on_ambiguous = Ambiguity::repeat;
  bool is_cut_off = false;  // our own process died in the middle: nothing speaks against repeating at once
  Undelivered on_undelivered = {};
};
// Writes the attempt and the delivery's new state, event and (when it is final) ledger entry. An old fence changes
// nothing.
Result<DeliveryState> record_attempt(store::Transaction& tx, const Ended& ended);

// Gives a lease back without an attempt, for at least `wait_ms`. `why`, where there is something to say, is what people
// read until the next attempt.
Status postpone(store::Transaction& tx, const Ended& lease, std::int64_t wait_ms, std::string_view why = {});

// What recovery must know of the process that asks.
struct Recovery {
  std::string_view holder;  // its own leases of an earlier life are taken up at once; empty: only those that ran out
  std::function<Ambiguity(WorkspaceId, ChannelId)> on_ambiguous;
  std::function<bool(DeliveryId)>
      is_in_flight;  // this process is sending it now: however late, it will say how it went
  Undelivered on_undelivered = {};
};
// What waits for longer than any wait that we set was made to before the clock was put back: it is due now. Else a
// reply would leave a day late because the clock had been a day ahead.
inline constexpr std::int64_t impossible_wait_ms = 2 * longest_wait_ms;
// Leases that ran out (and, with `holder`, all leases of that holder: its process has just started). What had not begun
// is queued again; what had begun is an ambiguous attempt.
Result<std::int64_t> recover_expired(store::Transaction& tx, const Recovery& recovery);
// When to look again: the earliest due time or end of a lease; nothing when the outbox is empty.
Result<std::optional<Time>> next_due(store::Session& session, const Busy& busy = {});

}  // namespace answerable::outbox
