// A snoozed conversation is out of sight until a time, or until the contact writes (append_inbound.h).
#pragma once

#include <cstdint>
#include <optional>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr std::int64_t snooze_max_ms = 366LL * 24 * 3'600'000;

// Returns the item as it is afterwards; what is so already leaves no trace. Errors: denied, not_found
// "no_conversation", invalid "bad_snooze" (not in the future, or beyond snooze_max_ms).
Result<ConversationItem> snooze(store::Transaction& tx, const access::Actor& actor, ConversationId id, Time until);
// Opens up to `limit` conversations whose snooze has ended, in any workspace; returns how many. Called by a timer.
Result<int> wake_snoozed(store::Transaction& tx, int limit);
// When wake_snoozed has something to do next; nothing when nothing is snoozed.
Result<std::optional<Time>> next_wake(store::Session& session);

}  // namespace answerable::conversations
