// Recomputes a ledger from its first entry: numbers without gap, canonical bytes, leaf hashes, every checkpoint's root
// and signature. Names the first entry that does not fit. What it cannot see: entries after the last checkpoint that
// were cut off together with the head, and a history rewritten by whoever holds the signing key; for that somebody
// outside must hold checkpoints.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/key_change.h"
#include "audit/ledger.h"
#include "audit/merkle.h"
#include "audit/signing_key.h"
#include "store/session.h"

namespace answerable::audit {

struct BadEntry {
  std::int64_t seq = 0;
  std::string reason;  // one English sentence
};

struct Verification {
  bool ok = false;
  std::int64_t entries = 0;         // that fit
  std::int64_t signed_entries = 0;  // of them, covered by a checkpoint
  std::int64_t checkpoints = 0;
  std::int64_t epoch = 1;
  Digest root{};  // of the entries that fit
  std::optional<BadEntry> first_bad;
};

// What is checked, wherever the entries come from: feed it the entries in order, and each checkpoint after the last
// entry that it covers. Pure. After the first false, further calls change nothing.
class LedgerCheck {
 public:
  LedgerCheck(WorkspaceId workspace, LedgerKeys keys) : workspace_(workspace), keys_(std::move(keys)) {}

  // A checkpoint of this ledger that somebody kept: the entries must have its root at its size.
  void hold(const Checkpoint& checkpoint) { held_ = checkpoint; }
  bool entry(std::string_view encoded);
  // The columns that repeat what the encoding says.
  bool stored_entry(const Entry& entry);
  bool checkpoint(std::string_view note);
  // After the last: every change of the key has had its entry.
  bool end();
  bool broken(std::int64_t seq, std::string reason);
  std::int64_t entries() const { return static_cast<std::int64_t>(range_.size()); }
  std::int64_t signed_entries() const { return signed_entries_; }
  std::int64_t epoch() const { return epoch_; }
  const CompactRange& range() const { return range_; }
  Verification result() const;

 private:
  WorkspaceId workspace_;
  LedgerKeys keys_;
  CompactRange range_;
  bool begin_epoch(const Act& act);
  bool change_key(const Act& act);
  bool fits_held();

  std::optional<Checkpoint> held_;
  std::int64_t epoch_ = 1;
  std::int64_t epoch_begun_at_ = -1;  // number of its first entry
  std::size_t key_changes_ = 0;       // that had their entry
  std::int64_t signed_entries_ = 0;
  std::int64_t checkpoints_ = 0;
  std::optional<BadEntry> first_bad_;
};

// The whole ledger of one workspace in the database. An error only when the database cannot be read.
Result<Verification> verify(store::Session& session, WorkspaceId workspace, const PublicKey& key);
// Every workspace that has a ledger; the nil workspace is the installation's own.
Result<std::vector<WorkspaceId>> ledgers(store::Session& session);

}  // namespace answerable::audit
