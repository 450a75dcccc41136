// Small acts on a conversation: status, subject, read mark, tags. Each is idempotent: what is so already changes
// nothing and leaves no event and no entry. All return the item as it is afterwards, but mark_read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr std::int64_t snooze_max_ms = 366LL * 24 * 3'600'000;

// Errors of all: denied, not_found "no_conversation".
Result<ConversationItem> close(store::Transaction& tx, const access::Actor& actor, ConversationId id);
Result<ConversationItem> reopen(store::Transaction& tx, const access::Actor& actor, ConversationId id);
// Also: invalid "bad_snooze" (not in the future, or too far).
Result<ConversationItem> snooze(store::Transaction& tx, const access::Actor& actor, ConversationId id, Time until);
// What somebody wrote has not left, or came back: a conversation that was closed or snoozed since is open again, for
// else nobody would see it. Of a note, or of what the program sent by itself: nothing.
Status open_undelivered(store::Transaction& tx, WorkspaceId workspace, MessageId message);
// Opens up to `limit` conversations whose snooze has ended, in any workspace; returns how many. Called by a timer.
Result<int> wake_snoozed(store::Transaction& tx, int limit);
// When wake_snoozed has something to do next; nothing when nothing is snoozed.
Result<std::optional<Time>> next_wake(store::Session& session);

// Also: invalid "empty_subject" / "subject_too_long".
Result<ConversationItem> rename(store::Transaction& tx, const access::Actor& actor, ConversationId id,
                                std::string_view subject);
// No ledger entry: reading is not an act on record here.
Status mark_read(store::Transaction& tx, const access::Actor& actor, ConversationId id, bool is_unread);

// Replaces the tags. Blanks around are dropped, duplicates too. Errors: invalid "too_many_tags" / "bad_tag".
Result<ConversationItem> set_tags(store::Transaction& tx, const access::Actor& actor, ConversationId id,
                                  const std::vector<std::string>& tags);
struct TagCount {
  std::string tag;
  std::int64_t count = 0;
};
Result<std::vector<TagCount>> list_tags(store::Session& session, const access::Actor& actor);

// For If-Match: conflict "version_mismatch" when the conversation is not at this version (any more).
Status require_version(store::Session& session, WorkspaceId workspace, ConversationId id, std::int64_t version);

}  // namespace answerable::conversations
