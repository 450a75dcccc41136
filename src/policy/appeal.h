// An administrator appeals against a measure; an operator decides, who is not the one who took it. A reversed
// suspension is lifted by a second operator (two_person.h); any other measure ends with the decision.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "policy/violation.h"
#include "store/session.h"

namespace answerable::policy {

using AppealId = Id<struct AppealTag>;

inline constexpr std::size_t appeal_bytes_max = 4'000;
inline constexpr int appeals_max = 200;  // in one list

struct Appeal {
  AppealId id;
  WorkspaceId workspace;
  MeasureId measure;
  std::string text;
  Time made_at;
  std::optional<Time> decided_at;
  std::string outcome;  // "upheld", "reversed"; empty while it waits
  std::string answer;
};

// One a measure. Errors: denied; not_found "measure_unknown"; invalid "bad_appeal"; conflict "already_appealed".
Result<Appeal> appeal(store::Transaction& tx, const access::Actor& by, MeasureId measure, std::string_view text);

struct Decision {
  AppealId appeal;
  bool is_reversed = false;
  std::string answer;
};
// Errors: denied (also "second_person_must_differ"); not_found "appeal_unknown"; invalid "bad_appeal"; conflict
// "appeal_decided".
Result<Appeal> decide_appeal(store::Transaction& tx, const access::Actor& by, const Decision& decision);

// Of one workspace, newest first.
Result<std::vector<Appeal>> appeals(store::Session& session, WorkspaceId workspace);
// Of all workspaces: those that wait, oldest first.
Result<std::vector<Appeal>> waiting_appeals(store::Session& session);

}  // namespace answerable::policy
