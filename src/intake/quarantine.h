// The quarantine: arrivals that could not be used, with the reason. The raw bytes stay in the spool; replaying tries
// again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "intake/arrival.h"
#include "store/blobs.h"
#include "store/database.h"
#include "store/session.h"

namespace answerable::intake {

struct Quarantined {
  SpoolId id;
  ChannelId channel;
  Time received_at, quarantined_at;
  std::int64_t size = 0;
  std::string reason;  // stable snake_case code: "loop_received_count", "unreadable" …
  std::string detail;
  std::string sender, subject;  // as far as known
};

struct QuarantinePage {
  std::vector<Quarantined> items;  // newest first
  std::int64_t total = 0;
};

// `before`: the last id of the former page. limit 1 to 100.
Result<QuarantinePage> list_quarantine(store::Session& session, WorkspaceId workspace, std::optional<SpoolId> before,
                                       int limit);
// Those in whose sender, subject, reason or detail the words stand as they are, ASCII letters in either case; empty
// words find all.
inline constexpr std::size_t quarantine_words_bytes_max = 200;  // more: invalid "search_too_long"
Result<QuarantinePage> search_quarantine(store::Session& session, WorkspaceId workspace, const std::string& words,
                                         std::optional<SpoolId> before, int limit);
// The bytes as they came, and a ledger entry that says who read them. Only for what is in quarantine. Errors: not_found
// "quarantine_entry_not_found", denied.
Result<std::string> read_quarantined_raw(store::Database& database, store::Blobs& blobs, const access::Actor& actor,
                                         SpoolId id);

Status insert_quarantine(store::Transaction& tx, WorkspaceId workspace, const Quarantined& entry);
inline constexpr std::size_t release_reason_bytes_max = 500;
// Back to the waiting ones, with a ledger entry; Intake::replay() does this and sets to work. `why` is asked for with
// despite_malware only, which is for what the scanner has found. Errors: denied; not_found
// "quarantine_entry_not_found"; invalid "reason_missing", "reason_too_long", "not_malware".
Status release_quarantined(store::Transaction& tx, const access::Actor& actor, SpoolId id,
                           Insistence insistence = Insistence::again, std::string_view why = {});

}  // namespace answerable::intake
