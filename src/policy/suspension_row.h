// How a row of suspensions is read: columns id, scope, cause, reason, began_at, ends_at, imposed_by, cured_at.
#pragma once

#include "policy/judge.h"

namespace answerable::policy {

inline Suspension read_suspension(const store::Row& row) {
  return {.id = row.id<SuspensionId>(0),
          .scope = parse_scope(row.text(1)).value_or(Scope::everything),
          .cause = row.string(2),
          .reason = row.string(3),
          .since = row.time(4),
          .until = row.maybe_time(5),
          .imposed_by = row.string(6),
          .cured_at = row.maybe_time(7)};
}

}  // namespace answerable::policy
