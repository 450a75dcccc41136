// People with composed roles, for the generated tests of who may do what.
#pragma once

#include "access/roles.h"
#include "http/things_test.h"

namespace answerable::http {

// Everything that a role may be composed of.
inline std::vector<std::string> all_permissions() {
  std::vector<std::string> names;
  for (const auto& rule : access::rules()) {
    if (access::is_composable(rule)) names.push_back(access::permission_name(rule));
  }
  return names;
}

// A person of that role, whose address begins with the role's name.
inline access::User add_with_role(Desk& desk, const access::RoleWish& wish) {
  const auto person = desk.add(wish.name + "@acme.example", access::Role::agent);
  return must(desk.database->write([&](store::Transaction& tx) -> Result<access::User> {
    const auto system = access::system_actor(desk.workspace.id);
    TRY(const auto role, access::create_role(tx, system, wish));
    return access::update_user(tx, system, person.id, {.composed = role.id});
  }));
}

}  // namespace answerable::http
