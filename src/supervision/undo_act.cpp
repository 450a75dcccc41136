#include "supervision/undo_act.h"

#include <algorithm>

#include "access/authorize.h"
#include "access/overwritten.h"
#include "access/report_exposed.h"
#include "conversations/contacts.h"
#include "conversations/lines.h"
#include "conversations/list.h"
#include "conversations/rename.h"
#include "conversations/set_status.h"
#include "conversations/tags.h"
#include "policy/entitlement.h"
#include "routing/assign.h"
#include "supervision/undo_settings.h"

namespace answerable::supervision {
namespace {

using conversations::ConversationStatus;

Status undo_assignment(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(const auto id, done.object<ConversationId>());
  TRY(const auto item, conversations::load_item(tx, by.workspace, id));
  if (item.assignee != done.person("to")) return changed_since();
  TRY_STATUS(routing::assign(tx, by, id, done.person("from")));
  return {};
}

Status undo_status(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(const auto id, done.object<ConversationId>());
  TRY(const auto item, conversations::load_item(tx, by.workspace, id));
  const bool was_opened = done.act.action == "conversation.reopen";
  const auto left_as = was_opened                                ? ConversationStatus::open
                       : done.act.action == "conversation.close" ? ConversationStatus::closed
                                                                 : ConversationStatus::snoozed;
  if (item.status != left_as) return changed_since();
  TRY_STATUS(was_opened ? conversations::close(tx, by, id) : conversations::reopen(tx, by, id));
  return {};
}

// The only field that the act wrote over, if it is kept still.
Result<access::Overwritten> load_overwritten(store::Session& session, const access::Actor& by, const DoneAct& done) {
  TRY(const auto fields, access::overwritten_by(session, by.workspace, done.seq));
  if (fields.size() != 1) return not_undoable();
  return fields.front();
}

Status undo_rename(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(const auto id, done.object<ConversationId>());
  TRY(const auto field, load_overwritten(tx, by, done));
  TRY(const auto item, conversations::load_item(tx, by.workspace, id));
  if (item.subject != field.after) return changed_since();
  TRY_STATUS(conversations::rename(tx, by, id, field.before));
  return {};
}

Status undo_tagging(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(const auto id, done.object<ConversationId>());
  TRY(const auto field, load_overwritten(tx, by, done));
  TRY(const auto item, conversations::load_item(tx, by.workspace, id));
  if (conversations::to_lines(item.tags) != field.after) return changed_since();
  TRY_STATUS(conversations::set_tags(tx, by, id, conversations::from_lines(field.before)));
  return {};
}

Status undo_contact(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(const auto id, done.object<ContactId>());
  TRY(const auto fields, access::overwritten_by(tx, by.workspace, done.seq));
  if (fields.empty()) return not_undoable();
  TRY(const auto contact, conversations::load_contact(tx, by, id));
  conversations::ContactChange back;
  for (const auto& [field, before, after] : fields) {
    const bool is_as_left = field == "name"   ? contact.name == after
                            : field == "note" ? contact.note == after
                                              : contact.shows_quotes == !after.empty();
    if (!is_as_left) return changed_since();
    if (field == "name") back.name = before;
    if (field == "note") back.note = before;
    if (field == "shows_quotes") back.shows_quotes = !before.empty();
  }
  TRY_STATUS(conversations::update_contact(tx, by, id, back));
  return {};
}

Result<access::User> load_person(store::Session& session, const access::Actor& by, const DoneAct& done) {
  TRY(const auto id, done.object<UserId>());
  TRY(auto user, access::find_user(session, by.workspace, id));
  if (!user) return changed_since();
  return *std::move(user);
}

Status undo_letting_in(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(const auto user, load_person(tx, by, done));
  if (!user.is_active) return changed_since();
  TRY_STATUS(policy::change_person(tx, by, user.id, {.is_active = false}));
  return {};
}

// The role that somebody was given, and being let in or kept out. A name is not in the ledger.
Status undo_person(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(const auto user, load_person(tx, by, done));
  access::UserChange back;
  if (const auto state = done.detail("state"); !state.empty()) {
    if (user.is_active != (state == "active")) return changed_since();
    back.is_active = !user.is_active;
  }
  if (const auto before = done.detail("role_from"); !before.empty()) {
    const auto role_now = user.composed.is_nil() ? std::string(to_string(user.role)) : user.composed.text();
    if (role_now != done.detail("role")) return changed_since();
    back.role = access::parse_role(before);
    if (!back.role) back.composed = access::RoleId::parse(before);
  }
  if (!back.is_active && !back.role && !back.composed) return not_undoable();
  TRY_STATUS(policy::change_person(tx, by, user.id, back));
  return {};
}

Status undo_channel(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(const auto fields, access::overwritten_by(tx, by.workspace, done.seq));
  return done.undo_channel(tx, done.act, fields);
}

struct Undoing {
  std::string_view action;
  Status (*undo)(store::Transaction&, const access::Actor&, const DoneAct&);
};

constexpr Undoing undoings[] = {{"conversation.assign", undo_assignment}, {"conversation.take", undo_assignment},
                                {"conversation.close", undo_status},      {"conversation.reopen", undo_status},
                                {"conversation.snooze", undo_status},     {"conversation.rename", undo_rename},
                                {"conversation.tag", undo_tagging},       {"contact.update", undo_contact},
                                {"user.create", undo_letting_in},         {"user.update", undo_person},
                                {"content_rule.create", undo_rule_made},  {"content_rule.change", undo_rule_change},
                                {"content_rule.delete", undo_rule_end},   {"role.create", undo_role_made},
                                {"role.change", undo_role_change},        {"role.delete", undo_role_end},
                                {"channel.create", undo_channel},         {"channel.update", undo_channel},
                                {"channel.disable", undo_channel}};

}  // namespace

bool is_undoable(std::string_view action) {
  return std::ranges::find(undoings, action, &Undoing::action) != std::end(undoings);
}

Status undo_act(store::Transaction& tx, const access::Actor& by, access::IncidentId incident, std::int64_t seq,
                const UndoChannelAct& undo_channel) {
  TRY_STATUS(access::authorize(by, "incident", "update"));
  TRY(const auto found, access::load_incident(tx, by, incident));
  if (found.closed_at) return fail(ErrorKind::conflict, "incident_closed", "This incident is closed.");
  TRY(const auto entry, access::load_exposed_act(tx, by, found, seq));
  DoneAct done{.act = {}, .seq = seq, .undo_channel = undo_channel};
  TRY(done.act, audit::decode_entry(entry.encoded));
  const auto* const how = std::ranges::find(undoings, done.act.action, &Undoing::action);
  if (how == std::end(undoings)) return not_undoable();
  TRY_STATUS(how->undo(tx, by, done));
  return access::add_incident_entry(
      tx, by.workspace, incident,
      {.at = tx.now(), .what = "undone", .text = std::string(done.act.action), .by = by.user});
}

}  // namespace answerable::supervision
