#include "outbox/delivery_row.h"

#include "audit/ledger.h"
#include "base/ensure.h"
#include "base/utf8.h"
#include "cluster/event_log.h"

namespace answerable::outbox {
namespace {

constexpr std::size_t detail_max_bytes = 500;

#define ANSWERABLE_DELIVERY_ROW                                                                             \
  "select workspace_id, id, message_id, conversation_id, channel_id, state, attempts, ambiguous_attempts, " \
  "first_due_at, undo_until, fence, begun, recipient_results from deliveries "

DeliveryRow read_row(const store::Row& row) {
  return {.workspace = row.id<WorkspaceId>(0),
          .id = row.id<DeliveryId>(1),
          .message = row.id<MessageId>(2),
          .conversation = row.id<ConversationId>(3),
          .channel = row.id<ChannelId>(4),
          .state = from_stored(row.integer(5)),
          .attempts = row.integer(6),
          .ambiguous_attempts = row.integer(7),
          .first_due = row.time(8),
          .undo_until = row.maybe_time(9),
          .fence = row.integer(10),
          .has_begun = row.flag(11),
          .recipients = decode_recipients(row.text(12))};
}

}  // namespace

std::int64_t to_stored(DeliveryState state) {
  switch (state) {
    case DeliveryState::queued: return 0;
    case DeliveryState::sending: return 1;
    case DeliveryState::held: return 2;
    case DeliveryState::sent: return 10;
    case DeliveryState::delivered: return 11;
    case DeliveryState::failed: return 12;
    case DeliveryState::unknown: return 13;
    case DeliveryState::dead: return 14;
    case DeliveryState::cancelled: return 15;
  }
  return 13;
}

DeliveryState from_stored(std::int64_t number) {
  for (auto state : {DeliveryState::queued, DeliveryState::sending, DeliveryState::held, DeliveryState::sent,
                     DeliveryState::delivered, DeliveryState::failed, DeliveryState::dead, DeliveryState::cancelled}) {
    if (to_stored(state) == number) return state;
  }
  return DeliveryState::unknown;
}

Result<std::optional<DeliveryRow>> find_row(store::Session& session, WorkspaceId workspace, DeliveryId id) {
  return session.find(ANSWERABLE_DELIVERY_ROW "where workspace_id = $1 and id = $2", {workspace, id}, read_row);
}

Result<std::optional<DeliveryRow>> find_row_of(store::Session& session, WorkspaceId workspace, MessageId message) {
  return session.find(ANSWERABLE_DELIVERY_ROW "where workspace_id = $1 and message_id = $2", {workspace, message},
                      read_row);
}

Status let_next_go(store::Transaction& tx, const DeliveryRow& row) {
  return done(
      tx.execute("update deliveries set next_attempt_at = $3 where workspace_id = $1 and state = 0 and attempts = 0 "
                 "and next_attempt_at > $3 and first_due_at <= $3 and id = (select id from deliveries where "
                 "workspace_id = $1 and conversation_id = $2 and state < 10 order by sequence limit 1)",
                 {row.workspace, row.conversation, tx.now()}));
}

Status tell_changed(store::Transaction& tx, const access::Actor& actor, const DeliveryRow& row) {
  auto actor_id = actor.id_text();
  return cluster::append_event(tx, {.workspace = row.workspace,
                                    .kind = "message_changed",
                                    .conversation = row.conversation,
                                    .message = row.message,
                                    .actor_kind = actor.kind_name(),
                                    .actor_id = actor_id});
}

Status enter(store::Transaction& tx, const access::Actor& actor, std::string_view action, const DeliveryRow& row,
             std::vector<std::pair<std::string, std::string>> more) {
  audit::Act act{.workspace = row.workspace,
                 .actor = actor.for_ledger(),
                 .action = action,
                 .object_kind = "delivery",
                 .object_id = row.id.text(),
                 .details = {{"channel", row.channel.text()}, {"message", row.message.text()}}};
  for (auto& detail : more) act.details.push_back(std::move(detail));
  return done(audit::append_entry(tx, act));
}

Status add_attempt(store::Transaction& tx, const DeliveryRow& row, std::string_view result, std::string_view detail) {
  auto line = one_line(to_valid_utf8(detail), detail_max_bytes);
  return done(
      tx.execute("insert into delivery_attempts (workspace_id, delivery_id, attempt, at, result, detail) "
                 "values ($1, $2, $3, $4, $5, $6)",
                 {row.workspace, row.id, row.attempts, tx.now(), result, line}));
}

}  // namespace answerable::outbox
