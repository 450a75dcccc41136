// An act as it was done, for what undoes it.
#pragma once

#include <cstdint>
#include <string_view>

#include "audit/ledger.h"
#include "base/id.h"
#include "base/result.h"
#include "supervision/undo_act.h"

namespace answerable::supervision {

inline std::unexpected<Error> changed_since() {
  return fail(ErrorKind::conflict, "changed_since", "It has changed since. Look at it, and decide there.");
}

inline std::unexpected<Error> not_undoable() {
  return fail(ErrorKind::conflict, "not_undoable", "This cannot be undone from here. Look at what it was about.");
}

struct DoneAct {
  audit::Act act;
  std::int64_t seq = 0;  // in the ledger
  const UndoChannelAct& undo_channel;

  std::string_view detail(std::string_view name) const {
    for (const auto& [key, value] : act.details) {
      if (key == name) return value;
    }
    return {};
  }
  UserId person(std::string_view name) const { return UserId::parse(detail(name)).value_or(UserId{}); }
  template <class AnyId>
  Result<AnyId> object() const {
    if (const auto id = AnyId::parse(act.object_id)) return *id;
    return changed_since();
  }
};

}  // namespace answerable::supervision
