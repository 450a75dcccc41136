// Who approves applications of a workspace: its administrators, unless the policy or the agreement says "operator"
// (rule `approval` of the clause approved_programs).
#pragma once

#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::http {

Result<bool> administrators_approve(store::Session& session, WorkspaceId workspace);

}  // namespace answerable::http
