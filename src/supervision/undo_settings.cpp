#include "supervision/undo_settings.h"

#include <algorithm>

#include "access/overwritten.h"
#include "access/roles.h"
#include "policy/content_rules.h"

namespace answerable::supervision {
namespace {

// What the act wrote over, if it is kept still and stands as the act left it.
Result<std::vector<access::Overwritten>> load_unchanged(store::Session& session, const access::Actor& by,
                                                        const DoneAct& done, const access::Fields& now) {
  TRY(auto fields, access::overwritten_by(session, by.workspace, done.seq));
  if (fields.empty()) return not_undoable();
  const bool is_as_left = std::ranges::all_of(
      fields, [&](const auto& one) { return std::ranges::find(now, std::pair{one.field, one.after}) != now.end(); });
  if (!is_as_left) return changed_since();
  return fields;
}

Result<policy::ContentRule> load_rule(store::Session& session, const access::Actor& by, const DoneAct& done) {
  TRY(const auto id, done.object<policy::ContentRuleId>());
  TRY(auto rule, policy::find_content_rule(session, by.workspace, id));
  if (!rule) return changed_since();
  return *std::move(rule);
}

Result<access::ComposedRole> load_role(store::Session& session, const access::Actor& by, const DoneAct& done) {
  TRY(const auto id, done.object<access::RoleId>());
  auto role = access::load_role(session, by.workspace, id);
  if (!role && role.error().kind == ErrorKind::not_found) return changed_since();
  return role;
}

}  // namespace

Status undo_rule_made(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(auto rule, load_rule(tx, by, done));
  if (!rule.is_active) return changed_since();
  rule.is_active = false;
  TRY_STATUS(policy::save_content_rule(tx, by, rule));
  return {};
}

Status undo_rule_change(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(auto rule, load_rule(tx, by, done));
  TRY(const auto fields, load_unchanged(tx, by, done, to_fields(rule)));
  for (const auto& one : fields) set_field(rule, one.field, one.before);
  TRY_STATUS(policy::save_content_rule(tx, by, rule));
  return {};
}

Status undo_rule_end(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(const auto fields, access::overwritten_by(tx, by.workspace, done.seq));
  if (fields.empty()) return not_undoable();
  policy::ContentRule rule{.workspace = by.workspace};
  for (const auto& one : fields) set_field(rule, one.field, one.before);
  TRY(const auto all, policy::content_rules(tx, by.workspace));
  const bool is_there = std::ranges::any_of(all, [&](const auto& one) { return one.rule.name == rule.name; });
  if (is_there) return changed_since();
  TRY_STATUS(policy::save_content_rule(tx, by, rule));
  return {};
}

Status undo_role_made(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(const auto role, load_role(tx, by, done));
  return access::delete_role(tx, by, role.id);
}

Status undo_role_change(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(const auto role, load_role(tx, by, done));
  TRY(const auto fields, load_unchanged(tx, by, done, to_fields(role)));
  auto wish = wish_of(role);
  for (const auto& one : fields) set_field(wish, one.field, one.before);
  TRY_STATUS(access::change_role(tx, by, role.id, wish));
  return {};
}

Status undo_role_end(store::Transaction& tx, const access::Actor& by, const DoneAct& done) {
  TRY(const auto fields, access::overwritten_by(tx, by.workspace, done.seq));
  if (fields.empty()) return not_undoable();
  access::RoleWish wish;
  for (const auto& one : fields) set_field(wish, one.field, one.before);
  TRY_STATUS(access::create_role(tx, by, wish));
  return {};
}

}  // namespace answerable::supervision
