#include "supervision/undo_act.h"

#include <algorithm>
#include <array>

#include "access/authorize.h"
#include "access/report_exposed.h"
#include "conversations/change.h"
#include "conversations/list.h"
#include "policy/entitlement.h"
#include "routing/assign.h"

namespace answerable::supervision {
namespace {

using conversations::ConversationStatus;

std::unexpected<Error> changed_since() {
  return fail(ErrorKind::conflict, "changed_since", "It has changed since. Look at it, and decide there.");
}

UserId detail_id(const audit::Act& act, std::string_view name) {
  for (const auto& [key, value] : act.details) {
    if (key == name) return UserId::parse(value).value_or(UserId{});
  }
  return {};
}

Status undo_assignment(store::Transaction& tx, const access::Actor& by, const audit::Act& act, ConversationId id) {
  TRY(const auto item, conversations::load_item(tx, by.workspace, id));
  if (item.assignee != detail_id(act, "to")) return changed_since();
  TRY_STATUS(routing::assign(tx, by, id, detail_id(act, "from")));
  return {};
}

Status undo_status(store::Transaction& tx, const access::Actor& by, const audit::Act& act, ConversationId id) {
  TRY(const auto item, conversations::load_item(tx, by.workspace, id));
  const bool was_opened = act.action == "conversation.reopen";
  const auto left_as = was_opened                           ? ConversationStatus::open
                       : act.action == "conversation.close" ? ConversationStatus::closed
                                                            : ConversationStatus::snoozed;
  if (item.status != left_as) return changed_since();
  TRY_STATUS(was_opened ? conversations::close(tx, by, id) : conversations::reopen(tx, by, id));
  return {};
}

Status undo_letting_in(store::Transaction& tx, const access::Actor& by, const audit::Act& act) {
  const auto id = UserId::parse(act.object_id).value_or(UserId{});
  TRY(const auto user, access::find_user(tx, by.workspace, id));
  if (!user || !user->is_active) return changed_since();
  TRY_STATUS(policy::change_person(tx, by, id, {.is_active = false}));
  return {};
}

Status undo(store::Transaction& tx, const access::Actor& by, const audit::Act& act) {
  if (act.action == "user.create") return undo_letting_in(tx, by, act);
  const auto id = ConversationId::parse(act.object_id);
  if (!id) return changed_since();
  const bool is_assignment = act.action == "conversation.assign" || act.action == "conversation.take";
  return is_assignment ? undo_assignment(tx, by, act, *id) : undo_status(tx, by, act, *id);
}

}  // namespace

bool is_undoable(std::string_view action) {
  constexpr std::array<std::string_view, 6> known{"conversation.assign", "conversation.take",   "conversation.close",
                                                  "conversation.reopen", "conversation.snooze", "user.create"};
  return std::ranges::find(known, action) != known.end();
}

Status undo_act(store::Transaction& tx, const access::Actor& by, access::IncidentId incident, std::int64_t seq) {
  TRY_STATUS(access::authorize(by, "incident", "update"));
  TRY(const auto found, access::load_incident(tx, by, incident));
  if (found.closed_at) return fail(ErrorKind::conflict, "incident_closed", "This incident is closed.");
  TRY(const auto entry, access::load_exposed_act(tx, by, found, seq));
  TRY(const auto act, audit::decode_entry(entry.encoded));
  if (!is_undoable(act.action))
    return fail(ErrorKind::conflict, "not_undoable", "This cannot be undone from here. Look at what it was about.");
  TRY_STATUS(undo(tx, by, act));
  return access::add_incident_entry(tx, by.workspace, incident,
                                    {.at = tx.now(), .what = "undone", .text = std::string(act.action), .by = by.user});
}

}  // namespace answerable::supervision
