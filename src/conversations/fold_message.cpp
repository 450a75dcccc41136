#include "conversations/fold_message.h"

#include <algorithm>

#include "access/authorize.h"
#include "audit/ledger.h"
#include "conversations/conversation_table.h"
#include "conversations/thread.h"

namespace answerable::conversations {
namespace {

std::string in_words(std::optional<std::int64_t> shown_lines) {
  if (!shown_lines) return "as_recognised";
  return *shown_lines == shown_lines_all ? "all" : std::to_string(*shown_lines);
}

}  // namespace

std::int64_t line_count(std::string_view text) {
  if (text.empty()) return 0;
  return std::ranges::count(text, '\n') + (text.ends_with('\n') ? 0 : 1);
}

std::string shown_part(std::string_view text, std::int64_t lines) {
  if (lines == shown_lines_all) return std::string(text);
  std::size_t end = 0;
  for (; lines > 0 && end < text.size(); --lines) end = std::min(text.find('\n', end), text.size() - 1) + 1;
  auto part = text.substr(0, end);
  if (end < text.size()) part = part.substr(0, part.find_last_not_of(" \t\r\n") + 1);
  return std::string(part);
}

Result<Message> fold_message(store::Transaction& tx, const access::Actor& actor, MessageId id,
                             std::optional<std::int64_t> shown_lines) {
  TRY_STATUS(access::authorize(actor, "message", "fold"));
  TRY(auto message, load_message(tx, actor.workspace, id));
  if (message.direction != Direction::inbound)
    return fail(ErrorKind::invalid, "not_foldable", "Only what a contact wrote is folded.");
  if (shown_lines && (*shown_lines < 0 || *shown_lines > line_count(message.text)))
    return fail(ErrorKind::invalid, "bad_shown_lines",
                "It has " + std::to_string(line_count(message.text)) + " lines: name as many at most, or 0 for all.");
  if (message.shown_lines == shown_lines) return message;
  TRY_STATUS(tx.execute("update messages set shown_lines = $3 where workspace_id = $1 and id = $2",
                        {actor.workspace, id, shown_lines}));
  TRY_STATUS(tell(
      tx, actor,
      {.workspace = actor.workspace, .kind = "message_changed", .conversation = message.conversation, .message = id}));
  TRY_STATUS(audit::append_entry(
      tx, {.workspace = actor.workspace,
           .actor = actor.for_ledger(),
           .action = "message.fold",
           .object_kind = "message",
           .object_id = id.text(),
           .details = {{"conversation", message.conversation.text()}, {"shown_lines", in_words(shown_lines)}}}));
  return load_message(tx, actor.workspace, id);
}

}  // namespace answerable::conversations
