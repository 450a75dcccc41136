// How the role of a person or a key is read beside them: columns role_id, then id, name, permissions,
// sees_only_assigned and hides_personal of the role, which may be gone.
#pragma once

#include <memory>

#include "access/composed_role.h"
#include "store/session.h"

namespace answerable::access {

// Nothing where no role is named; a role that is gone gives nothing.
inline std::shared_ptr<const ComposedRole> read_composed(const store::Row& row, int first) {
  if (row.is_null(first)) return nullptr;
  auto role = std::make_shared<ComposedRole>();
  role->id = row.id<RoleId>(first);
  role->sees_only_assigned = role->hides_personal = true;
  if (row.is_null(first + 1)) return role;
  role->name = row.string(first + 2);
  role->permissions = parse_lines(row.text(first + 3));
  role->sees_only_assigned = row.flag(first + 4);
  role->hides_personal = row.flag(first + 5);
  return role;
}

}  // namespace answerable::access
