// The measures `hold` that one message waited for end with its review: released, it was no violation; rejected, the
// cause is gone.
#pragma once

#include "base/result.h"
#include "policy/violation.h"
#include "store/session.h"

namespace answerable::policy {

Status end_holds_of(store::Transaction& tx, WorkspaceId workspace, MessageId message, bool is_released);

}  // namespace answerable::policy
