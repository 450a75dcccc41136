// Is everything that a folder has here? Its server is asked for all UIDs (UID SEARCH) and UIDNEXT, and the answer is
// held against what was taken (docs/decisions/0020). Reads only, at both sides.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "channels/email/imap_session.h"
#include "channels/email/mailbox_items.h"
#include "intake/completeness.h"

namespace answerable::channels {

struct MailboxCheck {
  intake::SourceCheck figures;
  std::vector<std::uint32_t> missing;  // ascending: at the server, before the cursor, never taken
  // What the folder was while all of it was found accounted for: to be remembered for check_if_changed().
  std::optional<FolderState> complete = {};
};

// The folder is selected in `session`. Errors: those of the session and of the database.
Result<MailboxCheck> check_mailbox(ImapSession& session, store::Database& database, const Place& place, Time now);
// The same; but where the server says that nothing has changed since a complete look that is younger than
// full_check_ms, the figures of that one, as of now, without a look at each UID.
Result<MailboxCheck> check_if_changed(ImapSession& session, store::Database& database, const Place& place, Time now,
                                      std::int64_t full_check_ms);
// The same without I/O. `at_server` and `taken` ascending.
MailboxCheck compare_mailbox(const std::vector<std::uint32_t>& at_server,
                             const std::vector<std::pair<std::uint32_t, ItemOutcome>>& taken, std::uint32_t cursor,
                             std::uint32_t next_uid);
// "3, 7:9, 12", cut off with … at missing_names_bytes_max.
std::string name_uids(const std::vector<std::uint32_t>& uids);

}  // namespace answerable::channels
