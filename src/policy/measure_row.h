// How a row of policy_measures is read: the columns in the order of Measure, without those that are only searched.
#pragma once

#include "policy/violation.h"

namespace answerable::policy {

inline Measure read_measure(const store::Row& row) {
  return {.id = row.id<MeasureId>(0),
          .violation = row.id<ViolationId>(1),
          .clause = row.string(2),
          .control = row.string(3),
          .object_kind = row.string(4),
          .object_id = row.string(5),
          .facts = row.string(6),
          .version = row.integer(7),
          .is_term = row.flag(8),
          .ladder = row.string(9),
          .count = row.integer(10),
          .kind = parse_measure_kind(row.text(11)).value_or(MeasureKind::warn),
          .scope = parse_scope(row.text(12)).value_or(Scope::sending),
          .is_automated = row.flag(13),
          .taken_at = row.time(14),
          .ended_at = row.maybe_time(15),
          .ended_as = row.string(16)};
}

}  // namespace answerable::policy
