#include "access/composed_role.h"

#include "base/ensure.h"

namespace answerable::access {
namespace {

template <class F>
Permissions rules_that(F&& hold) {
  const auto all = rules();
  ensure(all.size() <= rules_max, "the table has at most 256 rules");
  Permissions permissions;
  for (std::size_t i = 0; i < all.size(); ++i) permissions[i] = hold(all[i]);
  return permissions;
}

}  // namespace

std::string permission_name(const Rule& rule) {
  auto name = std::string(rule.resource).append(":").append(rule.action);
  if (rule.relation == Relation::own) name += ":own";
  return name;
}

std::optional<std::size_t> find_permission(std::string_view name) {
  const auto all = rules();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (permission_name(all[i]) == name) return i;
  }
  return std::nullopt;
}

bool is_everybodys(const Rule& rule) {
  return rule.relation == Relation::own && (rule.resource == "session" || rule.resource == "me");
}

bool is_composable(const Rule& rule) { return rule.least != Role::operator_ && !is_everybodys(rule); }

Permissions permissions_of(Role role) {
  if (role == Role::operator_) return rules_that([](const Rule& rule) { return rule.is_for_operator; });
  return rules_that([role](const Rule& rule) { return rule.least <= role; });
}

Permissions permissions_of(const Actor& actor) {
  if (actor.kind == Actor::Kind::system) return rules_that([](const Rule&) { return true; });
  if (actor.composed) return actor.composed->permissions | rules_that(is_everybodys);
  return permissions_of(actor.role);
}

void confine(Actor& actor, const Actor& other) {
  const auto permissions = permissions_of(actor);
  const bool sees_only_assigned = actor.sees_only_assigned() || other.sees_only_assigned();
  const bool hides_personal = actor.hides_personal() || other.hides_personal();
  const auto excess = permissions & ~permissions_of(other);
  if (excess.none() && sees_only_assigned == actor.sees_only_assigned() && hides_personal == actor.hides_personal())
    return;
  actor.composed = std::make_shared<ComposedRole>(
      ComposedRole{.id = actor.composed ? actor.composed->id : RoleId{},
                   .name = actor.composed ? actor.composed->name : std::string(to_string(actor.role)),
                   .permissions = permissions & ~excess,
                   .sees_only_assigned = sees_only_assigned,
                   .hides_personal = hides_personal});
  actor.role = Role::agent;
}

Role counts_as(const Permissions& permissions) {
  for (const auto role : {Role::agent, Role::supervisor}) {
    if ((permissions & ~permissions_of(role)).none()) return role;
  }
  return Role::administrator;
}

std::vector<std::string> to_names(const Permissions& permissions) {
  std::vector<std::string> names;
  const auto all = rules();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (permissions[i]) names.push_back(permission_name(all[i]));
  }
  return names;
}

std::string to_lines(const Permissions& permissions) {
  std::string lines;
  for (const auto& name : to_names(permissions)) lines.append(name).append("\n");
  return lines;
}

Permissions parse_lines(std::string_view lines) {
  Permissions permissions;
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    const auto found = find_permission(line);
    if (found && is_composable(rules()[*found])) permissions.set(*found);
  }
  return permissions;
}

}  // namespace answerable::access
