#include "outbox/deliveries.h"

#include <algorithm>
#include <limits>

#include "outbox/delivery_row.h"

namespace answerable::outbox {
namespace {

#define ANSWERABLE_SUMMARY                                                                                        \
  "select id, message_id, conversation_id, channel_id, recipient, state, attempts, next_attempt_at, last_error, " \
  "external_id, created_at from deliveries "

DeliverySummary read_summary(const store::Row& row) {
  return {.id = row.id<DeliveryId>(0),
          .message = row.id<MessageId>(1),
          .conversation = row.id<ConversationId>(2),
          .channel = row.id<ChannelId>(3),
          .recipient = row.string(4),
          .state = from_stored(row.integer(5)),
          .attempts = row.integer(6),
          .next_attempt_at = row.time(7),
          .last_error = row.string(8),
          .external_id = row.string(9),
          .created_at = row.time(10),
          .attempt_log = {}};
}

// The newest attempts, given oldest first.
Status add_log(store::Session& session, WorkspaceId workspace, DeliverySummary& summary) {
  if (summary.attempts == 0) return {};
  TRY(summary.attempt_log,
      session.all("select at, result, detail from delivery_attempts where workspace_id = $1 and delivery_id = $2 "
                  "order by attempt desc limit $3",
                  {workspace, summary.id, attempt_log_max}, [](const store::Row& row) {
                    return Attempt{.at = row.time(0), .result = row.string(1), .detail = row.string(2)};
                  }));
  std::ranges::reverse(summary.attempt_log);
  return {};
}

DeliveryId greatest() {
  DeliveryId id;
  id.uuid.bytes.fill(0xff);
  return id;
}

}  // namespace

Result<DeliveryPage> list_deliveries(store::Session& session, WorkspaceId workspace, DeliveryState state,
                                     std::optional<DeliveryId> before, int limit) {
  if (limit < 1 || limit > delivery_page_max)
    return fail(ErrorKind::invalid, "bad_limit", "The limit is a number from 1 to 100.");
  DeliveryPage page;
  TRY(page.items,
      session.all(ANSWERABLE_SUMMARY "where workspace_id = $1 and state = $2 and id < $3 order by id desc limit $4",
                  {workspace, to_stored(state), before.value_or(greatest()), limit + 1}, read_summary));
  if (static_cast<int>(page.items.size()) > limit) {
    page.items.pop_back();
    page.next = page.items.back().id;
  }
  for (auto& item : page.items) TRY_STATUS(add_log(session, workspace, item));
  TRY(page.total, session.number("select count(*) from deliveries where workspace_id = $1 and state = $2",
                                 {workspace, to_stored(state)}));
  return page;
}

Result<std::map<DeliveryState, std::int64_t>> count_unsettled(store::Session& session, WorkspaceId workspace) {
  std::map<DeliveryState, std::int64_t> counts;
  TRY_STATUS(
      session.each("select state, count(*) from deliveries where workspace_id = $1 "
                   "and state in (0, 1, 2, 12, 13, 14) group by state",
                   {workspace}, [&](const store::Row& row) { counts[from_stored(row.integer(0))] = row.integer(1); }));
  return counts;
}

Result<std::optional<DeliverySummary>> find_delivery(store::Session& session, WorkspaceId workspace, DeliveryId id) {
  TRY(auto found,
      session.find(ANSWERABLE_SUMMARY "where workspace_id = $1 and id = $2", {workspace, id}, read_summary));
  if (found) TRY_STATUS(add_log(session, workspace, *found));
  return found;
}

Result<std::map<ChannelId, ChannelFigures>> figures_by_channel(store::Session& session, WorkspaceId workspace) {
  std::map<ChannelId, ChannelFigures> figures;
  auto pending = [&](const store::Row& row) { figures[row.id<ChannelId>(0)].pending = row.integer(1); };
  auto failed = [&](const store::Row& row) { figures[row.id<ChannelId>(0)].failed = row.integer(1); };
  TRY_STATUS(session.each(
      "select channel_id, count(*) from deliveries where workspace_id = $1 and state < 10 group by channel_id",
      {workspace}, pending));
  TRY_STATUS(
      session.each("select channel_id, count(*) from deliveries where workspace_id = $1 and state in (12, 13, 14) "
                   "group by channel_id",
                   {workspace}, failed));
  return figures;
}

Result<std::optional<SentMessage>> find_sent(store::Session& session, WorkspaceId workspace,
                                             std::string_view external_id) {
  if (external_id.empty()) return std::optional<SentMessage>();
  return session.find(
      "select id, message_id, conversation_id from deliveries where workspace_id = $1 and external_id = $2 "
      "and external_id <> '' order by id desc limit 1",
      {workspace, external_id}, [](const store::Row& row) {
        return SentMessage{.delivery = row.id<DeliveryId>(0),
                           .message = row.id<MessageId>(1),
                           .conversation = row.id<ConversationId>(2)};
      });
}

}  // namespace answerable::outbox
