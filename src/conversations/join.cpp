#include "conversations/join.h"

#include "access/authorize.h"
#include "conversations/conversation_table.h"
#include "conversations/lines.h"
#include "conversations/list.h"
#include "conversations/suggestion.h"
#include "conversations/suggestion_table.h"
#include "conversations/tags.h"
#include "outbox/move.h"

namespace answerable::conversations {
namespace {

Status record(store::Transaction& tx, const access::Actor& actor, const ConversationItem& from,
              const ConversationItem& to) {
  TRY_STATUS(tx.execute(
      "insert into joined_conversations (workspace_id, id, target_id, number, subject, channel_id, contact_id, tags, "
      "first_position, message_count, created_at, agent_id, joined_at) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
      {actor.workspace, from.id, to.id, from.number, from.subject, from.channel, from.contact, to_lines(from.tags),
       to.message_count + 1, from.message_count, from.created_at, actor.user, tx.now()}));
  // What had joined it, and what was suggested to join it, has to do with the target now.
  TRY_STATUS(tx.execute("update joined_conversations set target_id = $3 where workspace_id = $1 and target_id = $2",
                        {actor.workspace, from.id, to.id}));
  TRY_STATUS(
      tx.execute("update conversations set suggested_id = $3, version = version + 1 where workspace_id = $1 and "
                 "suggested_id = $2 and id <> $3",
                 {actor.workspace, from.id, to.id}));
  TRY_STATUS(
      tx.execute("update conversations set suggested_id = null where workspace_id = $1 and suggested_id = $2 "
                 "and id = $3",
                 {actor.workspace, from.id, to.id}));
  TRY_STATUS(
      tx.execute("update join_suggestions set target_id = $3 where workspace_id = $1 and target_id = $2 "
                 "and decision = '' and conversation_id <> $3",
                 {actor.workspace, from.id, to.id}));
  TRY_STATUS(
      tx.execute("update join_suggestions set decision = 'joined', agent_id = $4, decided_at = $5 "
                 "where workspace_id = $1 and target_id = $2 and decision = '' and conversation_id = $3",
                 {actor.workspace, from.id, to.id, actor.user, tx.now()}));
  return {};
}

// What began with a third party's mail is a talk with one, also what we have said in it.
Status move_messages(store::Transaction& tx, WorkspaceId workspace, const ConversationItem& from,
                     const ConversationItem& to) {
  TRY(const auto is_third_party,
      tx.number("select coalesce(max(third_party), 0) from messages where workspace_id = $1 and conversation_id = $2 "
                "and position = 1",
                {workspace, from.id}));
  TRY_STATUS(
      tx.execute("update messages set conversation_id = $3, position = position + $4, joined_from_id = $2, "
                 "joined_by = case when direction = 0 then 'agent' else joined_by end, "
                 "third_party = case when $5 = 1 then 1 else third_party end "
                 "where workspace_id = $1 and conversation_id = $2",
                 {workspace, from.id, to.id, to.message_count, is_third_party}));
  TRY_STATUS(tx.execute(
      "update conversations set third_parties = 1 where workspace_id = $1 and id = $2 and exists (select 1 from "
      "messages where workspace_id = $1 and conversation_id = $2 and (third_party = 1 or blind_copies <> ''))",
      {workspace, to.id}));
  return {};
}

// Of somebody who has begun two answers, the second follows the first.
Status move_drafts(store::Transaction& tx, WorkspaceId workspace, ConversationId from, ConversationId to) {
  TRY_STATUS(tx.execute(
      "update drafts set body = body || $4 || (select s.body from drafts s where s.workspace_id = $1 and "
      "s.conversation_id = $2 and s.user_id = drafts.user_id) where workspace_id = $1 and conversation_id = $3 and "
      "exists (select 1 from drafts s where s.workspace_id = $1 and s.conversation_id = $2 "
      "and s.user_id = drafts.user_id)",
      {workspace, from, to, "\n\n"}));
  TRY_STATUS(
      tx.execute("update drafts set conversation_id = $3 where workspace_id = $1 and conversation_id = $2 and not "
                 "exists (select 1 from drafts t where t.workspace_id = $1 and t.conversation_id = $3 "
                 "and t.user_id = drafts.user_id)",
                 {workspace, from, to}));
  TRY_STATUS(tx.execute("delete from drafts where workspace_id = $1 and conversation_id = $2", {workspace, from}));
  return {};
}

// The row goes, out of every list and counter.
Status remove(store::Transaction& tx, WorkspaceId workspace, const ConversationItem& from) {
  TRY_STATUS(tx.execute("delete from conversations where workspace_id = $1 and id = $2", {workspace, from.id}));
  return count(tx, workspace, place_of(from), -1);
}

Status extend(store::Transaction& tx, WorkspaceId workspace, const ConversationItem& from, const ConversationItem& to) {
  const auto& newer = from.last_message_at >= to.last_message_at ? from : to;
  TRY_STATUS(
      tx.execute("update conversations set status = 0, snoozed_until = null, unread = 1, preview = $3, "
                 "last_message_id = $4, last_message_at = $5, last_message_direction = $6, "
                 "message_count = message_count + $7, version = version + 1 where workspace_id = $1 and id = $2",
                 {workspace, to.id, newer.preview, newer.last_message, newer.last_message_at,
                  static_cast<int>(newer.last_message_direction), from.message_count}));
  auto place = place_of(to);
  place.status = ConversationStatus::open;
  return move_count(tx, workspace, place_of(to), place);
}

Status tell_join(store::Transaction& tx, const access::Actor& actor, const ConversationItem& from,
                 const ConversationItem& to, const std::vector<MessageId>& moved) {
  TRY_STATUS(tell(tx, actor,
                  {.workspace = actor.workspace,
                   .kind = "conversation_joined",
                   .conversation = from.id,
                   .message = from.last_message}));
  for (auto id : moved)
    TRY_STATUS(
        tell(tx, actor, {.workspace = actor.workspace, .kind = "message_moved", .conversation = to.id, .message = id}));
  return enter(tx, actor, "conversation.join", from.id,
               {{"into", to.id.text()},
                {"first_position", std::to_string(to.message_count + 1)},
                {"messages", std::to_string(from.message_count)}});
}

}  // namespace

Result<ConversationItem> join_suggested(store::Transaction& tx, const access::Actor& actor,
                                        ConversationId conversation) {
  TRY_STATUS(access::authorize(actor, "conversation", "join"));
  TRY(const auto suggestion, load_suggestion(tx, actor, conversation));
  TRY(const auto from, load_item(tx, actor.workspace, conversation));
  const auto& to = suggestion.target;
  if (from.message_count > joined_messages_max)
    return fail(ErrorKind::conflict, "too_long_to_join", "It has more than 500 messages: they stay where they are.");
  if (!from.tags.empty()) {
    TRY(const auto bare, set_tags(tx, actor, from.id, {}));
    static_cast<void>(bare);
  }
  TRY_STATUS(decide_suggestion(tx, actor, conversation, "joined"));
  TRY_STATUS(record(tx, actor, from, to));
  TRY(const auto moved, tx.all("select id from messages where workspace_id = $1 and conversation_id = $2 order by "
                               "position",
                               {actor.workspace, from.id}, [](const store::Row& row) { return row.id<MessageId>(0); }));
  TRY_STATUS(move_messages(tx, actor.workspace, from, to));
  TRY_STATUS(outbox::move_deliveries(tx, actor.workspace, moved, to.id, to.message_count));
  TRY_STATUS(move_drafts(tx, actor.workspace, from.id, to.id));
  TRY_STATUS(remove(tx, actor.workspace, from));
  TRY_STATUS(extend(tx, actor.workspace, from, to));
  TRY_STATUS(tell_join(tx, actor, from, to, moved));
  return load_item(tx, actor.workspace, to.id);
}

Result<ConversationId> current_conversation(store::Session& session, WorkspaceId workspace,
                                            ConversationId conversation) {
  TRY(auto target,
      session.find("select target_id from joined_conversations where workspace_id = $1 and id = $2",
                   {workspace, conversation}, [](const store::Row& row) { return row.id<ConversationId>(0); }));
  return target.value_or(conversation);
}

}  // namespace answerable::conversations
