#include "routing/assign.h"

#include "access/authorize.h"
#include "access/user.h"
#include "cluster/event_log.h"
#include "conversations/conversation_table.h"
#include "conversations/list.h"

namespace answerable::routing {
namespace {

using conversations::ConversationItem;

// For who sees only what is assigned to them: the screen takes it away.
Status tell_former(store::Transaction& tx, WorkspaceId workspace, const ConversationItem& item) {
  const auto former = item.assignee.text();
  TRY_STATUS(cluster::append_event(tx, {.workspace = workspace,
                                        .kind = "assignment_ended",
                                        .conversation = item.id,
                                        .message = std::nullopt,
                                        .actor_kind = "user",
                                        .actor_id = former}));
  return {};
}

Result<ConversationItem> hand_to(store::Transaction& tx, const access::Actor& actor, const ConversationItem& item,
                                 UserId assignee, std::string_view act) {
  TRY(bool is_done, conversations::set_assignee(tx, item, actor.workspace, assignee));
  if (!is_done) return fail(ErrorKind::conflict, "already_assigned", "Somebody was faster: load it again.");
  TRY_STATUS(conversations::tell(
      tx, actor, {.workspace = actor.workspace, .kind = "conversation_changed", .conversation = item.id}));
  if (!item.assignee.is_nil()) TRY_STATUS(tell_former(tx, actor.workspace, item));
  conversations::Details details;
  if (!item.assignee.is_nil()) details.emplace_back("from", item.assignee.text());
  if (!assignee.is_nil()) details.emplace_back("to", assignee.text());
  TRY_STATUS(conversations::enter(tx, actor, act, item.id, std::move(details)));
  return conversations::load_item(tx, actor.workspace, item.id);
}

}  // namespace

Result<ConversationItem> take(store::Transaction& tx, const access::Actor& actor, ConversationId id) {
  TRY_STATUS(access::authorize(actor, "conversation", "take"));
  if (actor.user.is_nil()) return fail(ErrorKind::denied, "not_a_person", "Only a person can take a conversation.");
  TRY(auto item, conversations::load_item(tx, actor.workspace, id));
  if (item.assignee == actor.user) return item;
  if (!item.assignee.is_nil()) return fail(ErrorKind::conflict, "already_assigned", "A colleague has it already.");
  return hand_to(tx, actor, item, actor.user, "conversation.take");
}

Result<ConversationItem> assign(store::Transaction& tx, const access::Actor& actor, ConversationId id,
                                UserId assignee) {
  TRY_STATUS(access::authorize(actor, "conversation", "assign"));
  if (!assignee.is_nil()) {
    TRY(auto user, access::find_user(tx, actor.workspace, assignee));
    if (!user || !user->is_active) return fail(ErrorKind::invalid, "no_such_agent", "There is no such colleague.");
  }
  TRY(auto item, conversations::load_item(tx, actor.workspace, id));
  if (item.assignee == assignee) return item;
  return hand_to(tx, actor, item, assignee, "conversation.assign");
}

}  // namespace answerable::routing
