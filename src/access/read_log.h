// Who opened or exported whose data: a row per reading, apart from the ledger, because people read a hundred times as
// often as they act. The ledger holds a digest of the rows, once a minute (docs/formats/read-log.md). Rows go when the
// workspace's time for them is over; their digests stay.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::access {

enum class ReadKind : std::uint8_t { conversation, attachment, contact, raw_mail, search, read_log, evidence };
std::string_view to_string(ReadKind kind);

inline constexpr std::size_t reason_bytes_min = 3;
inline constexpr std::size_t reason_bytes_max = 500;
inline constexpr std::size_t read_object_bytes_max = 200;
inline constexpr std::int64_t seal_reads_every_ms = 60'000;
inline constexpr int reads_sealed_at_once_max = 10'000;
inline constexpr int reads_page_max = 200;

struct Reading {
  WorkspaceId workspace;
  Time at;
  ReadKind kind = ReadKind::conversation;
  std::string actor_kind;  // "user", "api_key"
  std::string actor_id;
  ContactId contact;            // nil: of nobody in particular
  ConversationId conversation;  // nil: not of one
  std::string object;           // id of the attachment or mail; what was searched for
  std::string reason;           // as the person gave it, when one was asked for
};

struct StoredReading : Reading {
  std::int64_t seq = 0;  // from 1, without gaps within a workspace
};

// In the order given. No ledger entry: seal_reads().
Status append_readings(store::Transaction& tx, const std::vector<Reading>& readings);

// One ledger entry "read_log.seal" for each workspace whose last one is a minute old and that has rows since. Returns
// whether a workspace has still more.
Result<bool> is_seal_due(store::Session& session);
Result<bool> seal_reads(store::Transaction& tx);

struct ReadFilter {
  std::optional<UserId> reader;
  std::optional<ContactId> contact;
};
struct ReadPage {
  std::vector<StoredReading> items;  // newest first
  std::int64_t total = 0;
  std::optional<std::int64_t> next;
};
// Errors: denied, invalid "bad_limit".
Result<ReadPage> readings(store::Session& session, const Actor& by, const ReadFilter& filter,
                          std::optional<std::int64_t> before, int limit);
// Of a span of time, oldest first, with the workspace's own clock: for the evidence of an incident.
Status each_reading(store::Session& session, WorkspaceId workspace, Time from, Time until,
                    const std::function<void(const StoredReading&)>& take);

struct ReadVerdict {
  std::int64_t rows = 0;                  // that are there
  std::int64_t seals = 0;                 // in the ledger, of rows that are there
  std::int64_t unsealed = 0;              // newer than the last seal
  std::optional<std::int64_t> first_bad;  // of the first seal that its rows do not match, the number of its first row
};
// Whether the rows are those that the ledger has digests of. Reads both whole.
Result<ReadVerdict> check_readings(store::Session& session, const Actor& by);

// Rows whose time is over, and that are sealed; returns how many of at most `limit`.
Result<std::int64_t> delete_old_readings(store::Transaction& tx, int limit);

}  // namespace answerable::access
