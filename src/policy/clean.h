// When the cause of a measure is gone without a person's word: its clause was kept for `clean_minutes` since it was
// last violated, no finding of the clause waits for a person, and a rescan of what is to leave finds nothing
// (conversations/rescan.h). So end limits, holds of all that leaves, and suspensions; not the kill switch, nor what
// other controls watch themselves: traffic, payments, access codes.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "policy/violation.h"
#include "store/session.h"

namespace answerable::policy {

// A rule of the clause, minutes.
inline constexpr std::string_view clean_rule = "clean_minutes";
inline constexpr std::int64_t clean_minutes_otherwise = 60;

struct KeptClause {
  WorkspaceId workspace;
  MeasureId measure;
  std::string clause, object_kind, object_id;
  bool must_be_taken_down = false;  // an unlawful message, as a person said
};

// Of all workspaces, oldest first: what is left to do is the rescan.
Result<std::vector<KeptClause>> kept_clauses(store::Session& session);

// Whether the workspace was suspended or limited for this message, or a person has called it unlawful, and no appeal
// has said otherwise.
Result<bool> has_been_stopped_for(store::Session& session, WorkspaceId workspace, MessageId message);

}  // namespace answerable::policy
