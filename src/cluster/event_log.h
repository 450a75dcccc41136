// The event log: one gapless sequence of numbers per workspace, written in the transaction of the change that it tells
// of. Everything that follows a change (live screens, search, routing, analytics, webhooks) is a reader with a cursor.
// An event names what changed and holds no personal data: readers load the thing itself, so erasing a person leaves the
// log.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/database.h"
#include "store/session.h"

namespace answerable::cluster {

// kind: snake_case, e.g. "message_added" (the closed list stands in docs/formats/events.md).
struct NewEvent {
  WorkspaceId workspace;
  std::string_view kind;
  std::optional<ConversationId> conversation;
  std::optional<MessageId> message;
  std::string_view actor_kind;  // "user", "contact", "system", "api_key"
  std::string_view actor_id;    // text form, may be empty
};

struct Event {
  std::int64_t seq = 0;  // from 1, no gaps within a workspace
  std::string kind;
  Time at;
  std::optional<ConversationId> conversation;
  std::optional<MessageId> message;
  std::string actor_kind;
  std::string actor_id;
};

// The most events that one call returns.
inline constexpr int events_max = 1'000;

// Appends under the next number and announces the workspace for the commit.
Status append_event(store::Transaction& tx, const NewEvent& event);
// Events with seq > after, in order, at most `limit` (brought into 1 to events_max).
Result<std::vector<Event>> events_after(store::Session& session, WorkspaceId workspace, std::int64_t after, int limit);
Result<std::int64_t> last_seq(store::Session& session, WorkspaceId workspace);

// A reader's durable position. 0 when it has never been saved.
Result<std::int64_t> load_cursor(store::Session& session, std::string_view reader, WorkspaceId workspace);
Status save_cursor(store::Transaction& tx, std::string_view reader, WorkspaceId workspace, std::int64_t seq);

std::span<const store::Migration> schema();

}  // namespace answerable::cluster
