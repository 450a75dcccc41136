// Reading the outbox: for administrators' screens, for channels' figures, for bounces that name a message of ours.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "outbox/delivery.h"
#include "store/session.h"

namespace answerable::outbox {

struct DeliverySummary {
  DeliveryId id;
  MessageId message;
  ConversationId conversation;
  ChannelId channel;
  std::string recipient;  // the first; "+ 2" is the reader's business
  DeliveryState state = DeliveryState::queued;
  std::int64_t attempts = 0;
  Time next_attempt_at;
  std::string last_error;
  std::string external_id;
  Time created_at;
  std::vector<Attempt> attempt_log;  // oldest first, at most attempt_log_max
};
inline constexpr int attempt_log_max = 50;
inline constexpr int delivery_page_max = 100;

struct DeliveryPage {
  std::vector<DeliverySummary> items;  // newest first
  std::int64_t total = 0;              // exact
  std::optional<DeliveryId> next;      // cursor of the next page
};

Result<DeliveryPage> list_deliveries(store::Session& session, WorkspaceId workspace, DeliveryState state,
                                     std::optional<DeliveryId> before, int limit);
// How many are in each state that goes on or asks for somebody; not of what left or was cancelled, which is nearly all.
// A state without any is absent.
Result<std::map<DeliveryState, std::int64_t>> count_unsettled(store::Session& session, WorkspaceId workspace);
Result<std::optional<DeliverySummary>> find_delivery(store::Session& session, WorkspaceId workspace, DeliveryId id);

struct ChannelFigures {
  std::int64_t pending = 0;  // queued, sending, held
  std::int64_t failed = 0;   // failed, unknown, dead
};
Result<std::map<ChannelId, ChannelFigures>> figures_by_channel(store::Session& session, WorkspaceId workspace);

struct SentMessage {
  DeliveryId delivery;
  MessageId message;
  ConversationId conversation;
};
// The message that left under this external id (a Message-ID without <>).
Result<std::optional<SentMessage>> find_sent(store::Session& session, WorkspaceId workspace,
                                             std::string_view external_id);

}  // namespace answerable::outbox
