#include "access/authorize.h"
#include "audit/ledger.h"
#include "base/utf8.h"
#include "conversations/conversation_table.h"
#include "conversations/draft_table.h"
#include "conversations/list.h"
#include "conversations/send_reply.h"
#include "conversations/thread.h"
#include "outbox/enqueue.h"

namespace answerable::conversations {
namespace {

// The list shows the newest message that has not been taken back and was not sent by the system.
Status show_former(store::Transaction& tx, WorkspaceId workspace, ConversationId conversation) {
  struct Former {
    MessageId id;
    std::int64_t direction = 0;
    std::string text;
    Time created_at;
  };
  TRY(auto former,
      tx.find("select id, direction, case when withheld = 0 then coalesce(reply_text, body) else '' end, created_at "
              "from messages where workspace_id = $1 "
              "and conversation_id = $2 and cancelled = 0 and not (direction = 1 and auto_submitted = 1) "
              "order by position desc limit 1",
              {workspace, conversation}, [](const store::Row& row) {
                return Former{.id = row.id<MessageId>(0),
                              .direction = row.integer(1),
                              .text = row.string(2),
                              .created_at = row.time(3)};
              }));
  if (!former) return {};  // the conversation began with it
  TRY_STATUS(
      tx.execute("update conversations set preview = $3, last_message_id = $4, last_message_direction = $5, "
                 "last_message_at = $6 where workspace_id = $1 and id = $2",
                 {workspace, conversation, one_line(former->text, preview_max_bytes), former->id, former->direction,
                  former->created_at}));
  return {};
}

// A conversation that the reply closed is as it was: open, or asleep until the time that it slept for.
Status reopen_if_closed_by(store::Transaction& tx, WorkspaceId workspace, const ConversationItem& item,
                           MessageId message) {
  struct Ended {
    bool was_closed = false;
    std::optional<Time> snooze;
  };
  TRY(const auto ended,
      tx.find("select closed_conversation, ended_snooze from messages where workspace_id = $1 and id = $2",
              {workspace, message}, [](const store::Row& row) { return Ended{row.flag(0), row.maybe_time(1)}; }));
  auto to = place_of(item);
  auto until = item.snoozed_until;
  if (ended && ended->was_closed && item.status == ConversationStatus::closed) {
    const bool still_sleeps = ended->snooze && *ended->snooze > tx.now();
    to.status = still_sleeps ? ConversationStatus::snoozed : ConversationStatus::open;
    if (still_sleeps) until = ended->snooze;
  }
  TRY_STATUS(
      tx.execute("update conversations set status = $3, snoozed_until = $4, version = version + 1 "
                 "where workspace_id = $1 and id = $2",
                 {workspace, item.id, static_cast<int>(to.status), until}));
  return move_count(tx, workspace, place_of(item), to);
}

Status restore_draft(store::Transaction& tx, const access::Actor& actor, const Message& message) {
  if (actor.user.is_nil()) return {};
  TRY(auto newer, find_draft_text(tx, actor, message.conversation));
  auto text = message.text;
  if (newer && !newer->empty()) text += "\n\n" + *newer;  // what was written since is not lost either
  return put_draft(tx, actor, message.conversation, text, "reply");
}

// Text and files are their author's again, for the next attempt to send. What was said to a third party is no draft: a
// draft is an answer to the customer.
Status give_back(store::Transaction& tx, const access::Actor& actor, const Message& message) {
  if (message.forwarded) return {};  // its files are copies
  TRY_STATUS(tx.execute("update attachments set message_id = null where workspace_id = $1 and message_id = $2",
                        {actor.workspace, message.id}));
  return message.is_third_party ? Status{} : restore_draft(tx, actor, message);
}

}  // namespace

Result<Message> undo_send(store::Transaction& tx, const access::Actor& actor, MessageId id) {
  TRY(auto message, load_message(tx, actor.workspace, id));
  const bool is_own = message.author.kind == actor.kind_name() && message.author.id == actor.id_text();
  if (!is_own) return fail(ErrorKind::denied, "not_allowed", "Only its author can take a message back.");
  TRY_STATUS(access::authorize(actor, "message", "undo", is_own));
  if (!message.undo_until)
    return fail(ErrorKind::conflict, "too_late", "It is on its way already and cannot be taken back.");
  TRY(auto item, load_item(tx, actor.workspace, message.conversation));
  TRY_STATUS(outbox::cancel(tx, actor, id));
  TRY_STATUS(
      tx.execute("update messages set cancelled = 1 where workspace_id = $1 and id = $2", {actor.workspace, id}));
  TRY_STATUS(reopen_if_closed_by(tx, actor.workspace, item, id));
  TRY_STATUS(show_former(tx, actor.workspace, item.id));
  TRY_STATUS(give_back(tx, actor, message));
  TRY_STATUS(audit::append_entry(tx, {.workspace = actor.workspace,
                                      .actor = actor.for_ledger(),
                                      .action = "message.undo",
                                      .object_kind = "message",
                                      .object_id = id.text(),
                                      .details = {{"conversation", item.id.text()}}}));
  return load_message(tx, actor.workspace, id);
}

}  // namespace answerable::conversations
