#include "conversations/suggestion.h"

#include "access/authorize.h"
#include "conversations/conversation_table.h"
#include "conversations/list.h"
#include "conversations/suggestion_table.h"

namespace answerable::conversations {

Status insert_suggestion(store::Transaction& tx, WorkspaceId workspace, ConversationId conversation, MessageId message,
                         const NewSuggestion& suggestion) {
  TRY_STATUS(
      tx.execute("insert into join_suggestions (workspace_id, conversation_id, target_id, message_id, found_by, "
                 "weakness, decision, agent_id, decided_at, created_at) "
                 "values ($1, $2, $3, $4, $5, $6, '', $7, null, $8)",
                 {workspace, conversation, suggestion.target, message, suggestion.found_by, suggestion.weakness,
                  UserId{}, tx.now()}));
  TRY_STATUS(tx.execute("update conversations set suggested_id = $3 where workspace_id = $1 and id = $2",
                        {workspace, conversation, suggestion.target}));
  return {};
}

Status decide_suggestion(store::Transaction& tx, const access::Actor& actor, ConversationId conversation,
                         std::string_view decision) {
  TRY_STATUS(
      tx.execute("update join_suggestions set decision = $3, agent_id = $4, decided_at = $5 "
                 "where workspace_id = $1 and conversation_id = $2",
                 {actor.workspace, conversation, decision, actor.user, tx.now()}));
  return {};
}

Result<Suggestion> load_suggestion(store::Session& session, const access::Actor& actor, ConversationId conversation) {
  TRY_STATUS(access::authorize(actor, "conversation", "read"));
  TRY(auto found, session.find("select message_id, target_id, found_by, weakness, created_at from join_suggestions "
                               "where workspace_id = $1 and conversation_id = $2 and decision = ''",
                               {actor.workspace, conversation}, [&](const store::Row& row) {
                                 Suggestion one;
                                 one.conversation = conversation;
                                 one.message = row.id<MessageId>(0);
                                 one.target.id = row.id<ConversationId>(1);
                                 one.found_by = row.string(2);
                                 one.weakness = row.string(3);
                                 one.created_at = row.time(4);
                                 return one;
                               }));
  if (!found) return fail(ErrorKind::not_found, "no_suggestion", "Nothing is suggested for this conversation.");
  TRY(found->target, load_item(session, actor.workspace, found->target.id));
  return *std::move(found);
}

Result<ConversationItem> dismiss_suggestion(store::Transaction& tx, const access::Actor& actor,
                                            ConversationId conversation) {
  TRY_STATUS(access::authorize(actor, "conversation", "join"));
  TRY(auto suggestion, load_suggestion(tx, actor, conversation));
  TRY_STATUS(decide_suggestion(tx, actor, conversation, "dismissed"));
  TRY_STATUS(
      tx.execute("update conversations set suggested_id = null, version = version + 1 "
                 "where workspace_id = $1 and id = $2",
                 {actor.workspace, conversation}));
  TRY_STATUS(
      tell(tx, actor, {.workspace = actor.workspace, .kind = "conversation_changed", .conversation = conversation}));
  TRY_STATUS(enter(tx, actor, "conversation.keep_apart", conversation, {{"from", suggestion.target.id.text()}}));
  return load_item(tx, actor.workspace, conversation);
}

}  // namespace answerable::conversations
