// The ledger: every auditable act leaves one entry, written in the transaction of the act, as a leaf of an RFC 6962 /
// RFC 9162 Merkle tree per workspace. The encoding of an entry is docs/formats/ledger.md. Checkpoints (C2SP
// tlog-checkpoint, signed by the installation's Ed25519 key) are made at most a second after activity by Sealer.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/id.h"
#include "base/result.h"
#include "store/database.h"
#include "store/session.h"

namespace answerable::audit {

// Who did it: one person's credential, a program's key, a contact, or the system itself.
struct Actor {
  std::string kind;        // "user", "api_key", "contact", "visitor", "system", "operator"
  std::string id;          // text id; no personal data
  std::string credential;  // which access code: session or key id; empty for the system
};

struct Act {
  WorkspaceId workspace;  // nil: the installation's own ledger
  Actor actor;
  std::string_view action;  // "conversation.reply", "session.sign_in", "channel.update" …; snake_case, dotted
  std::string_view object_kind;
  std::string object_id;
  // What is needed to understand the act later. Never personal data: use commit_to() for that.
  std::vector<std::pair<std::string, std::string>> details = {};
};

// A keyed commitment: HMAC-SHA-256(key, value), hex. Erasing the key makes the entry say nothing about the person.
std::string commit_to(std::string_view key, std::string_view personal_value);

// Appends the act's leaf and announces the workspace for the commit. Returns its number, from 0, without gaps within a
// workspace. Names (action, kinds, details) are a to z, 0 to 9, _ and . ; a detail is named once. Errors: see entry.h
// and check_entry() in entry_kind.h, which knows every kind of entry and what it may hold.
Result<std::int64_t> append_entry(store::Transaction& tx, const Act& act);

// What a person wrote to explain an act, where no other table has it. The entry gets a commitment under the key of its
// subject; the words stand beside it until shred_commitment_key() of the subject takes both.
struct Words {
  std::string_view detail;  // of the entry: "why_commitment"
  std::string_view subject;
  std::string_view text;
};
Result<std::int64_t> append_entry_with(store::Transaction& tx, Act act, const Words& words);
// Of the entries from `first` to before `until`, by number; without those that have none (any more).
Result<std::map<std::int64_t, std::string>> words_of(store::Session& session, WorkspaceId workspace, std::int64_t first,
                                                     std::int64_t until);

struct Entry {
  std::int64_t seq = 0;
  Time at;
  std::string encoded;  // the canonical bytes that were hashed
  Digest leaf_hash{};
};

inline constexpr int entries_max = 1'000;  // that one call returns

// Entries with seq >= first, in order, at most `limit` (brought into 1 to entries_max).
Result<std::vector<Entry>> entries(store::Session& session, WorkspaceId workspace, std::int64_t first, int limit);
Result<std::int64_t> entry_count(store::Session& session, WorkspaceId workspace);
// Of the entries from `first` to before `until`; fewer when there are fewer. 32 bytes of memory each.
Result<std::vector<Digest>> leaf_hashes(store::Session& session, WorkspaceId workspace, std::uint64_t first,
                                        std::uint64_t until);
// The epoch that the ledger is in, from 1 (docs/formats/ledger.md, "Epochs").
Result<std::int64_t> epoch_of(store::Session& session, WorkspaceId workspace);
// The act as it stands in the canonical bytes; for screens and exports. Its views point into `encoded`. Errors: invalid
// "entry_malformed", also when the bytes are not in the one canonical form.
Result<Act> decode_entry(std::string_view encoded, std::int64_t* seq = nullptr, Time* at = nullptr);

std::span<const store::Migration> schema();

}  // namespace answerable::audit
