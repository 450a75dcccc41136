// What of one message is what its sender wrote now, by an agent's word: where the mail's own form told us wrongly. For
// everybody, and only for this message; the text itself never changes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/actor.h"
#include "base/result.h"
#include "conversations/message.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr std::int64_t shown_lines_all = 0;

std::int64_t line_count(std::string_view text);
// The first `lines` lines without what is blank at their end; all of it for shown_lines_all, or when there are fewer.
std::string shown_part(std::string_view text, std::int64_t lines);

// `shown_lines`: shown_lines_all, or how many of the first lines of `text` are shown (the rest is folded); nothing:
// again as we have recognised it. What is so already leaves no trace. Event message_changed, ledger "message.fold".
// Errors: denied, not_found "no_message", invalid "not_foldable" (not of a contact) / "bad_shown_lines".
Result<Message> fold_message(store::Transaction& tx, const access::Actor& actor, MessageId message,
                             std::optional<std::int64_t> shown_lines);

}  // namespace answerable::conversations
