#include "conversations/sight.h"

#include "conversations/attachment_table.h"
#include "conversations/join.h"
#include "conversations/list.h"

namespace answerable::conversations {
namespace {

Status seen_when(std::int64_t rows, std::string_view code, std::string_view detail) {
  if (rows > 0) return {};
  return fail(ErrorKind::not_found, code, std::string(detail));
}

}  // namespace

bool is_seen(const access::Actor& actor, const ConversationItem& item) {
  return !actor.sees_only_assigned() || (!actor.user.is_nil() && item.assignee == actor.user);
}

Status require_seen(store::Session& session, const access::Actor& actor, ConversationId id) {
  if (!actor.sees_only_assigned()) return {};
  TRY(const auto current, current_conversation(session, actor.workspace, id));
  TRY(const auto item, load_item(session, actor.workspace, current));
  if (is_seen(actor, item)) return {};
  return fail(ErrorKind::not_found, "no_conversation", "There is no such conversation.");
}

Status require_seen(store::Session& session, const access::Actor& actor, MessageId id) {
  if (!actor.sees_only_assigned()) return {};
  TRY(const auto rows,
      session.number("select count(*) from messages m join conversations c on c.workspace_id = m.workspace_id "
                     "and c.id = m.conversation_id where m.workspace_id = $1 and m.id = $2 and c.assignee_id = $3",
                     {actor.workspace, id, actor.user}));
  return seen_when(rows, "no_message", "There is no such message.");
}

Status require_seen(store::Session& session, const access::Actor& actor, AttachmentId id) {
  if (!actor.sees_only_assigned()) return {};
  TRY(const auto rows,
      session.number("select count(*) from attachments a where a.workspace_id = $1 and a.id = $2 and "
                     "((a.message_id is null and a.uploader = $4) or exists (select 1 from messages m "
                     "join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id "
                     "where m.workspace_id = a.workspace_id and m.id = a.message_id and c.assignee_id = $3))",
                     {actor.workspace, id, actor.user, uploader_key(actor)}));
  return seen_when(rows, "no_attachment", "There is no such attachment.");
}

Status require_seen(store::Session& session, const access::Actor& actor, ContactId id) {
  if (!actor.sees_only_assigned()) return {};
  TRY(const auto rows, session.number("select count(*) from (select 1 from conversations where workspace_id = $1 "
                                      "and contact_id = $2 and assignee_id = $3 limit 1) as seen",
                                      {actor.workspace, id, actor.user}));
  return seen_when(rows, "no_contact", "There is no such contact.");
}

}  // namespace answerable::conversations
