// The completeness ledger: what a channel's sources say that they have, against what we have of it; and how long mail
// takes from there to an agent. Channels write it, screens and `answerable mail reconcile` read it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "intake/accept.h"
#include "intake/arrival.h"
#include "store/session.h"

namespace answerable::intake {

// One look at one source, a folder of a mailbox or all that POP3 shows of it:
//   at_source = stored + withheld + noticed + waiting + missing
struct SourceCheck {
  std::string source;  // as people name it: "INBOX", "POP3"
  Time checked_at;
  std::int64_t validity = 0, next_uid = 0;  // IMAP: UIDVALIDITY, UIDNEXT
  std::int64_t at_source = 0;
  std::int64_t stored = 0;
  std::int64_t withheld = 0;  // listed, never handed over: a stand-in is in quarantine
  std::int64_t noticed = 0;   // too large: skipped, a notice came in instead
  std::int64_t waiting = 0;   // came after the cursor: about to be fetched
  std::int64_t missing = 0;   // should be here and is not
  std::int64_t gone = 0;      // UIDs given out before UIDNEXT that nobody can fetch any more and we never had
  std::string missing_names;  // "3, 7:9, 12"; cut off with … when there are very many
};

inline constexpr std::size_t missing_names_bytes_max = 1'000;

// The latest look of the day stays.
Status record_check(store::Transaction& tx, WorkspaceId workspace, ChannelId channel, const SourceCheck& check);
// The latest of each source, by name.
Result<std::vector<SourceCheck>> latest_checks(store::Session& session, WorkspaceId workspace, ChannelId channel);

// What came on one way on one day (UTC). A peer that was told "stored" may forget the mail, so told <= stored +
// repeated; a crash may lose count of what was told, never of what was stored.
struct DayCount {
  std::int64_t day = 0;  // since 1970-01-01
  std::string way;       // "imap", "pop3", "lmtp", "webchat"
  std::int64_t stored = 0, repeated = 0;
  std::int64_t told = 0;     // acknowledged to the peer
  std::int64_t refused = 0;  // the peer keeps them
};
std::string_view way_of(const Arrival& arrival);
// Added up over the commit group, as are the other two that return nothing: store/sums.h.
void count_arrival(const Arrival& arrival, bool is_new);
Status count_told(store::Transaction& tx, WorkspaceId workspace, ChannelId channel, const DayCount& more);
// The days from `first` on, newest first.
Result<std::vector<DayCount>> day_counts(store::Session& session, WorkspaceId workspace, ChannelId channel,
                                         std::int64_t first);

enum class Stage : std::uint8_t {
  to_stored,   // from the source's time (INTERNALDATE; the sender's Date for LMTP) to the spool
  to_visible,  // from the spool to the inbox
};
// What became of an arrival; the channel shows the time of the last one.
struct Outcome {
  Disposition disposition = Disposition::appended;
  Time received_at;
  std::int64_t lag_ms = 0;
};
void count_outcome(WorkspaceId workspace, ChannelId channel, const Outcome& outcome);
struct Delay {
  Stage stage = Stage::to_stored;
  std::int64_t ms = 0;
  Time at;  // counts for its day
};
void count_delay(WorkspaceId workspace, ChannelId channel, const Delay& delay);
// Upper bounds: each is the power of two above the real one.
struct Delays {
  std::int64_t count = 0, p50_ms = 0, p95_ms = 0, p99_ms = 0;
};
Result<Delays> delays(store::Session& session, WorkspaceId workspace, ChannelId channel, Stage stage,
                      std::int64_t first_day);

inline std::int64_t day_of(Time time) { return time.ms / 86'400'000; }

}  // namespace answerable::intake
