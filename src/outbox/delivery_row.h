// The deliveries table as the files of this folder see it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "access/actor.h"
#include "base/result.h"
#include "outbox/delivery.h"
#include "store/session.h"

namespace answerable::outbox {

// Stored numbers; never change them. Below 10: still may go. The SQL texts of this folder write them out.
enum class StoredState : std::uint8_t {
  queued = 0,
  sending = 1,
  held = 2,
  sent = 10,
  delivered = 11,
  failed = 12,
  unknown = 13,
  dead = 14,
  cancelled = 15,
};
std::int64_t to_stored(DeliveryState state);
DeliveryState from_stored(std::int64_t number);

// What an act on one delivery needs to know of it.
struct DeliveryRow {
  WorkspaceId workspace;
  DeliveryId id;
  MessageId message;
  ConversationId conversation;
  ChannelId channel;
  DeliveryState state = DeliveryState::queued;
  std::int64_t attempts = 0, ambiguous_attempts = 0;
  Time first_due;
  std::optional<Time> undo_until;
  std::int64_t fence = 0;
  bool has_begun = false;
  RecipientResults recipients;
};
Result<std::optional<DeliveryRow>> find_row(store::Session& session, WorkspaceId workspace, DeliveryId id);
Result<std::optional<DeliveryRow>> find_row_of(store::Session& session, WorkspaceId workspace, MessageId message);

// After `row` has ended: the next of its conversation, put off while it stood behind, is due now. One that was tried
// keeps its back-off, and one that its author may still undo its time.
Status let_next_go(store::Transaction& tx, const DeliveryRow& row);
// The event message_changed.
Status tell_changed(store::Transaction& tx, const access::Actor& actor, const DeliveryRow& row);
// A ledger entry about the delivery; details beyond message and channel in `more`.
Status enter(store::Transaction& tx, const access::Actor& actor, std::string_view action, const DeliveryRow& row,
             std::vector<std::pair<std::string, std::string>> more = {});
Status add_attempt(store::Transaction& tx, const DeliveryRow& row, std::string_view result, std::string_view detail);

// A Result of a write whose count does not matter.
inline Status done(const Result<std::int64_t>& result) {
  if (!result) return std::unexpected(result.error());
  return {};
}

}  // namespace answerable::outbox
