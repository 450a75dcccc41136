// The statement of reasons that comes with a measure, and the notices that go by mail to the addresses of an agreement.
// Notices are written in the transaction of what they tell; app sends them through the installation's relay.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/workspace.h"
#include "base/result.h"
#include "policy/saying.h"
#include "policy/violation.h"
#include "store/session.h"

namespace answerable::policy {

using NoticeId = Id<struct NoticeTag>;

inline constexpr std::int64_t notice_attempts_max = 20;  // over about three days

struct Notice {
  NoticeId id;
  std::string recipient, subject, text;
  std::int64_t attempts = 0;
};

// What the workspace can do to end it.
const Sentence& cure_of(const Measure& measure);
// What a suspension for this measure says of itself, in one paragraph.
std::string short_reason(const Measure& measure);
Status send_statement(store::Transaction& tx, const access::Workspace& workspace, const Measure& measure);
// One mail, by the installation's relay; `workspace` may be nil.
Status queue_notice(store::Transaction& tx, WorkspaceId workspace, std::string_view recipient, std::string_view subject,
                    std::string_view text);
// The same in the language of who gets it: that of the account with this address, or else of the workspace's first
// administrator, or English.
Status queue_notice(store::Transaction& tx, WorkspaceId workspace, std::string_view recipient, const Letter& letter);
// To each notice address of the agreement once; where there is none, to the active administrators.
Status send_notice(store::Transaction& tx, WorkspaceId workspace, const Letter& letter);

// Due ones, oldest first, at most `limit`.
Result<std::vector<Notice>> due_notices(store::Session& session, int limit);
// After an attempt: it is sent, or tried again later (1 minute, doubling, at most 4 hours), at last given up.
Status record_notice(store::Transaction& tx, const Notice& notice, bool is_sent, std::string_view problem);

}  // namespace answerable::policy
