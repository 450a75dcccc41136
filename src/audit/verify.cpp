#include "audit/verify.h"

#include <algorithm>

#include "audit/change_key.h"
#include "audit/epoch.h"
#include "audit/frontier.h"

namespace answerable::audit {

bool LedgerCheck::broken(std::int64_t seq, std::string reason) {
  if (!first_bad_) first_bad_ = BadEntry{seq, std::move(reason)};
  return false;
}

bool LedgerCheck::entry(std::string_view encoded) {
  if (first_bad_) return false;
  std::int64_t seq = -1;
  auto act = decode_entry(encoded, &seq);
  if (!act) return broken(entries(), act.error().detail);
  if (act->workspace != workspace_) return broken(entries(), "The entry belongs to another workspace.");
  if (seq != entries()) return broken(entries(), "The entry says that its number is " + std::to_string(seq) + ".");
  if (act->action == epoch_action && !begin_epoch(*act)) return false;
  if (act->action == key_action && !change_key(*act)) return false;
  range_.append(hash_leaf(encoded));
  return fits_held();
}

bool LedgerCheck::fits_held() {
  if (!held_ || held_->head.size != range_.size() || held_->head.root == range_.root()) return true;
  return broken(entries() - 1, "The entries up to this one have another root than the checkpoint that was kept.");
}

bool LedgerCheck::begin_epoch(const Act& act) {
  auto epoch = read_epoch(keys_, act);
  if (!epoch) return broken(entries(), epoch.error().detail);
  if (epoch->number <= epoch_) return broken(entries(), "The entry begins an epoch that is over.");
  epoch_ = epoch->number;
  epoch_begun_at_ = entries();
  return true;
}

bool LedgerCheck::change_key(const Act& act) {
  auto change = read_key_change(act);
  if (!change) return broken(entries(), change.error().detail);
  const auto& expected = keys_.changes();
  if (key_changes_ == expected.size() || change->note != expected[key_changes_].note)
    return broken(entries(), "The entry changes the ledger's key to one that nobody has named before.");
  if (change->ledger != LedgerName(workspace_, epoch_) || change->before.size != range_.size() ||
      change->before.root != range_.root()) {
    return broken(entries(), "The entry changes the key of another ledger than this one as it stood here.");
  }
  if (!change->is_announced && epoch_begun_at_ != entries() - 1)
    return broken(entries(), "The entry changes the key without the signature of the old one, in the same epoch.");
  ++key_changes_;
  return true;
}

bool LedgerCheck::end() {
  if (key_changes_ == keys_.changes().size()) return !first_bad_;
  return broken(entries(), "A change of the ledger's key is missing.");
}

bool LedgerCheck::stored_entry(const Entry& stored) {
  if (first_bad_) return false;
  if (stored.seq != entries()) return broken(entries(), "The entry is missing.");
  std::int64_t seq = -1;
  Time at;
  auto act = decode_entry(stored.encoded, &seq, &at);
  if (act && at != stored.at) return broken(stored.seq, "The stored time differs from the entry's.");
  if (act && hash_leaf(stored.encoded) != stored.leaf_hash)
    return broken(stored.seq, "The stored leaf hash differs from the entry's.");
  return entry(stored.encoded);
}

bool LedgerCheck::checkpoint(std::string_view note) {
  if (first_bad_) return false;
  auto opened = keys_.open(note);
  if (!opened) return broken(signed_entries_, opened.error().detail);
  if (opened->ledger != LedgerName(workspace_, epoch_))
    return broken(signed_entries_, "The checkpoint belongs to another ledger.");
  const auto* head = &opened->head;
  auto size = std::to_string(head->size);
  if (head->size > range_.size())
    return broken(entries(), "A checkpoint covers " + size + " entries: this one is missing.");
  if (head->size != range_.size() || entries() <= signed_entries_)
    return broken(signed_entries_, "The checkpoint of " + size + " entries is out of its order.");
  if (head->root != range_.root())
    return broken(signed_entries_, "The checkpoint of " + size +
                                       " entries has another root: this or a later entry before " + size +
                                       " was changed.");
  signed_entries_ = entries();
  ++checkpoints_;
  return true;
}

Verification LedgerCheck::result() const {
  return {.ok = !first_bad_,
          .entries = entries(),
          .signed_entries = signed_entries_,
          .checkpoints = checkpoints_,
          .epoch = epoch_,
          .root = range_.root(),
          .first_bad = first_bad_};
}

namespace {

struct StoredCheckpoint {
  std::int64_t size = 0;
  std::string root, note;
};

Result<std::vector<StoredCheckpoint>> checkpoints(store::Session& session, WorkspaceId workspace) {
  return session.all(
      "select size, root, note from ledger_checkpoints where workspace_id = $1 order by size", {workspace},
      [](const store::Row& row) { return StoredCheckpoint{row.integer(0), std::string(row.bytes(1)), row.string(2)}; });
}

// The head, the sealer's cache, and rows that claim to belong to a ledger that does not exist.
Status check_rest(store::Session& session, WorkspaceId workspace, std::int64_t sealed, LedgerCheck& check) {
  TRY(auto head, entry_count(session, workspace));
  if (head < check.entries()) check.broken(head, "The head knows only " + std::to_string(head) + " entries.");
  if (head > check.entries())
    check.broken(check.entries(), "The entry is missing: there were " + std::to_string(head) + ".");
  TRY(auto epoch, epoch_of(session, workspace));
  if (epoch != check.epoch()) check.broken(head, "The head knows another epoch than the entries.");
  TRY(auto frontier, find_frontier(session, workspace));
  auto size = frontier ? static_cast<std::int64_t>(frontier->size()) : 0;
  check.end();
  if (size != sealed) check.broken(std::min(size, sealed), "The last checkpoint is not the one that was sealed last.");
  TRY(auto strays, session.number("select (select count(*) from ledger_checkpoints c where not exists"
                                  " (select 1 from ledger_heads h where h.workspace_id = c.workspace_id))"
                                  " + (select count(*) from ledger_frontiers f where not exists"
                                  " (select 1 from ledger_heads h where h.workspace_id = f.workspace_id))"));
  if (strays > 0) check.broken(0, "A checkpoint belongs to no ledger.");
  return {};
}

}  // namespace

Result<Verification> verify(store::Session& session, WorkspaceId workspace, const PublicKey& key) {
  auto keys = keys_of(session, workspace, key);
  LedgerCheck check(workspace, keys ? *keys : LedgerKeys(key));
  if (!keys) check.broken(0, keys.error().detail);
  TRY(auto notes, checkpoints(session, workspace));
  TRY(auto frontier, find_frontier(session, workspace));
  auto next = notes.begin();
  auto reach = [&] {
    for (; next != notes.end() && next->size <= check.entries(); ++next) {
      if (!check.checkpoint(next->note)) return false;
      if (next->size != check.entries() || next->root != as_bytes(check.range().root()))
        return check.broken(next->size - 1, "A checkpoint's row differs from its note.");
    }
    if (frontier && frontier->size() == check.range().size() && frontier->hashes() != check.range().hashes())
      return check.broken(check.entries() - 1, "The sealer's stored state differs from the entries.");
    return true;
  };
  bool fits = reach();
  while (fits) {
    TRY(auto page, entries(session, workspace, check.entries(), entries_max));
    for (const auto& entry : page) {
      fits = check.stored_entry(entry) && reach();
      if (!fits) break;
    }
    if (page.empty()) break;
  }
  if (fits && next != notes.end()) check.checkpoint(next->note);  // covers entries that are not there
  if (fits) TRY_STATUS(check_rest(session, workspace, notes.empty() ? 0 : notes.back().size, check));
  return check.result();
}

Result<std::vector<WorkspaceId>> ledgers(store::Session& session) {
  return session.all("select workspace_id from ledger_heads order by workspace_id", {},
                     [](const store::Row& row) { return row.id<WorkspaceId>(0); });
}

}  // namespace answerable::audit
