// Lists of conversations, newest last_message_at first, by keyset; every list knows its true total from maintained
// counters.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

// mine: open and assigned to the actor; unassigned: open and assigned to nobody; all: every conversation.
enum class View : std::uint8_t { all, mine, unassigned, snoozed, closed };
std::optional<View> parse_view(std::string_view text);

inline constexpr int list_page_max = 100;
inline constexpr std::int64_t counted_total_max = 10'000;  // for tags and searches; above, the total is a lower bound

struct ListCursor {  // the last item of the former page
  Time last_message_at;
  ConversationId id;
};

struct ListFilter {
  View view = View::all;
  std::optional<ChannelId> channel;
  std::optional<UserId> assignee;  // nil id: nobody
  std::string tag;
};

struct ConversationPage {
  std::vector<ConversationItem> items;
  std::int64_t total = 0;
  bool total_is_exact = true;  // false only for a tag on more than counted_total_max conversations
  std::optional<ListCursor> next;
};

// Errors: denied, invalid "bad_limit". A snapshot's `seq` is cluster::last_seq in the same session.
Result<ConversationPage> list_conversations(store::Session& session, const access::Actor& actor,
                                            const ListFilter& filter, std::optional<ListCursor> after, int limit);

struct ViewCounts {
  std::int64_t mine = 0, unassigned = 0, all = 0, snoozed = 0, closed = 0;
};
Result<ViewCounts> count_views(store::Session& session, const access::Actor& actor);

// For events and for the answer to an act. Errors: not_found "no_conversation".
Result<ConversationItem> load_item(store::Session& session, WorkspaceId workspace, ConversationId id);
// For If-Match: conflict "version_mismatch" when the conversation is not at this version (any more).
Status require_version(store::Session& session, WorkspaceId workspace, ConversationId id, std::int64_t version);
// One statement each, prepared once; ids that do not exist are left out. In the order of `ids`.
Result<std::vector<ConversationItem>> load_items(store::Session& session, WorkspaceId workspace,
                                                 std::span<const ConversationId> ids);

}  // namespace answerable::conversations
