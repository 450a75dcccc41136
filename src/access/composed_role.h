// A role that an administrator composed: a name, and some of the rules of the one table (authorize.h). It says what it
// gives; nothing else is given. It may also confine a person to the conversations that are assigned to that person, and
// hide personal fields of customers from them. Pure values; roles.h has what changes them.
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "access/authorize.h"
#include "base/id.h"

namespace answerable::access {

inline constexpr std::size_t rules_max = 256;
using Permissions = std::bitset<rules_max>;  // by position in rules(); in this process only: names are what is kept

struct ComposedRole {
  RoleId id;
  std::string name;
  Permissions permissions;
  bool sees_only_assigned = false;
  bool hides_personal = false;
};

// "conversation:reply", "message:retry:own": resource, action, and that the thing must be one's own.
std::string permission_name(const Rule& rule);
std::optional<std::size_t> find_permission(std::string_view name);
// Whether a role may be composed of it. Not of what belongs to the operator, and not of what everybody has who is
// signed in: the own session, password, second factor.
bool is_composable(const Rule& rule);
bool is_everybodys(const Rule& rule);

// What one may do, whoever one is; without regard to a second factor or a step-up, which are about when.
Permissions permissions_of(Role role);
Permissions permissions_of(const Actor& actor);
// Takes from `actor` what `other` may not do, and shows it no more than `other` sees.
void confine(Actor& actor, const Actor& other);
// The lowest of the built-in roles that may do all of it: what a composed role counts as where roles have an order,
// such as who must have a second factor.
Role counts_as(const Permissions& permissions);

// As they are kept: names, one a line. A name that the table does not know any more gives nothing.
std::string to_lines(const Permissions& permissions);
Permissions parse_lines(std::string_view lines);
std::vector<std::string> to_names(const Permissions& permissions);

}  // namespace answerable::access
