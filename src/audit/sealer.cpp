#include "audit/sealer.h"

#include <algorithm>
#include <chrono>

#include "audit/anchor.h"
#include "audit/change_key.h"
#include "audit/frontier.h"
#include "audit/ledger.h"
#include "audit/prove.h"
#include "base/log.h"
#include "base/thread_name.h"

namespace answerable::audit {

Sealer::Sealer(SigningKey key, store::Database& database, Metrics& metrics, OnSealed on_sealed)
    : key_(std::move(key)),
      database_(database),
      on_sealed_(std::move(on_sealed)),
      sealed_(metrics.counter("answerable_ledger_checkpoints_total", "Checkpoints that were signed")),
      broken_count_(metrics.gauge("answerable_ledger_broken", "Ledgers whose entries do not fit what was signed")),
      thread_([this] { loop(); }) {}

Sealer::~Sealer() { stop(); }

void Sealer::notice(WorkspaceId workspace) {
  std::lock_guard lock(mutex_);
  if (noticed_.insert(workspace).second && noticed_.size() == 1) changed_.notify_all();
}

void Sealer::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

bool Sealer::wait_for_work(Instant anchor_due, std::set<WorkspaceId>& workspaces) {
  std::unique_lock lock(mutex_);
  auto is_awake = [this] { return stopping_ || !noticed_.empty(); };
  if (is_anchor_due_)
    changed_.wait_until(lock, anchor_due, is_awake);
  else
    changed_.wait(lock, is_awake);
  if (is_awake()) changed_.wait_for(lock, std::chrono::milliseconds(interval_ms), [this] { return stopping_; });
  workspaces.swap(noticed_);
  return stopping_;
}

void Sealer::loop() {
  name_this_thread("ledger-sealer");
  if (auto found = notice_unsealed(); !found) log::error("ledger_seal_failed", found.error());
  auto anchor_due = std::chrono::steady_clock::now();
  for (bool last = false; !last;) {
    std::set<WorkspaceId> workspaces;
    last = wait_for_work(anchor_due, workspaces);
    for (const auto& workspace : workspaces) {
      auto status = seal(workspace);
      is_anchor_due_ = is_anchor_due_ || (status && !workspace.is_nil());
      if (status || status.error().code == "ledger_broken") continue;
      log::error("ledger_seal_failed", status.error());
      if (!last) notice(workspace);  // the database did not answer: again after the interval
    }
    if (!is_anchor_due_ || (!last && std::chrono::steady_clock::now() < anchor_due)) continue;
    if (auto status = anchor(); !status) log::error("ledger_anchor_failed", status.error());
    is_anchor_due_ = false;
    anchor_due = std::chrono::steady_clock::now() + std::chrono::milliseconds(anchor_interval_ms);
  }
}

Status Sealer::anchor() {
  int count = anchors_max;
  while (count == anchors_max) {
    TRY(count, anchor_checkpoints(database_));
  }
  return seal(WorkspaceId{});
}

// What was written before a crash and not sealed any more.
Status Sealer::notice_unsealed() {
  return database_.read([this](store::Session& session) {
    return session.each(
        "select h.workspace_id from ledger_heads h left join ledger_frontiers f on f.workspace_id = h.workspace_id"
        " where h.size > coalesce(f.size, 0)",
        {}, [this](const store::Row& row) { notice(row.id<WorkspaceId>(0)); });
  });
}

Status Sealer::report_broken(WorkspaceId workspace, std::int64_t seq, std::string_view reason) {
  log::error("ledger_broken", {{"workspace", workspace.text()}, {"seq", seq}, {"reason", reason}});
  std::lock_guard lock(mutex_);
  broken_.insert(workspace);
  broken_count_.set(static_cast<std::int64_t>(broken_.size()));
  return fail(ErrorKind::internal, "ledger_broken",
              "The ledger does not fit what was signed: run answerable audit verify.");
}

Status Sealer::seal(WorkspaceId workspace) {
  std::lock_guard one(sealing_);
  {
    std::lock_guard lock(mutex_);
    if (broken_.contains(workspace)) return fail(ErrorKind::internal, "ledger_broken", "Run answerable audit verify.");
  }
  TRY(auto state, load(workspace));
  auto sealed = static_cast<std::int64_t>(state.sealed.size);
  if (state.entries == sealed) return {};
  if (state.entries < sealed) return report_broken(workspace, state.entries, "entries that were signed are gone");
  if (state.range.root() != state.sealed.root || state.range.size() != state.sealed.size) {
    state.range = {};  // the cache is no use: from the first entry
    TRY_STATUS(extend(workspace, state.range, sealed));
    if (sealed > 0 && state.range.root() != state.sealed.root)
      return report_broken(workspace, 0, "the entries have another root than the last checkpoint");
  }
  TRY_STATUS(extend(workspace, state.range, state.entries));
  return store_checkpoint(workspace, state);
}

Result<Sealer::State> Sealer::load(WorkspaceId workspace) {
  return database_.query([&](store::Session& session) -> Result<State> {
    State state;
    TRY(state.entries, entry_count(session, workspace));
    TRY(state.epoch, epoch_of(session, workspace));
    TRY(state.sealed, newest_head(session, {workspace, state.epoch}));
    TRY(auto frontier, find_frontier(session, workspace));
    if (frontier) state.range = *std::move(frontier);
    return state;
  });
}

Result<TreeHead> Sealer::newest_head(store::Session& session, const LedgerName& ledger) {
  TRY(auto note, newest_checkpoint(session, ledger.workspace));
  if (!note) return TreeHead{.size = 0, .root = CompactRange().root()};
  TRY(auto keys, keys_of(session, ledger.workspace, key_.public_key()));
  auto newest = keys.open(*note);
  if (!newest) TRY_STATUS(report_broken(ledger.workspace, 0, newest.error().detail));
  if (newest->ledger.workspace != ledger.workspace || newest->ledger.epoch > ledger.epoch)
    TRY_STATUS(report_broken(ledger.workspace, 0, "the last checkpoint belongs to another ledger or epoch"));
  if (keys.newest() != key_.public_key())
    TRY_STATUS(report_broken(ledger.workspace, 0, "the entries name another key than the one that signs"));
  return newest->head;
}

Status Sealer::extend(WorkspaceId workspace, CompactRange& range, std::int64_t until) {
  while (static_cast<std::int64_t>(range.size()) < until) {
    auto first = static_cast<std::int64_t>(range.size());
    TRY(auto page, database_.query([&](store::Session& session) {
      return entries(session, workspace, first, static_cast<int>(std::min<std::int64_t>(until - first, entries_max)));
    }));
    if (page.empty()) return report_broken(workspace, first, "the entry is missing");
    for (const auto& entry : page) {
      auto leaf = hash_leaf(entry.encoded);
      if (entry.seq != static_cast<std::int64_t>(range.size()) || leaf != entry.leaf_hash)
        return report_broken(workspace, static_cast<std::int64_t>(range.size()),
                             "the entry differs from its leaf hash");
      range.append(leaf);
    }
  }
  return {};
}

Status Sealer::store_checkpoint(WorkspaceId workspace, const State& state) {
  TreeHead head{state.range.size(), state.range.root()};
  auto note = sign_checkpoint(key_, {workspace, state.epoch}, head);
  auto size = static_cast<std::int64_t>(head.size);
  auto older = static_cast<std::int64_t>(state.sealed.size);
  bool superseded = older > 0 && (older - 1) / kept_every == (size - 1) / kept_every;
  auto stored = database_.write([&](store::Transaction& tx) -> Result<bool> {
    // Another node was faster: what it has not sealed, its commit has announced, and we are woken again.
    TRY(const auto newest, tx.number("select max(size) from ledger_checkpoints where workspace_id = $1", {workspace}));
    if (newest != older) return false;
    TRY_STATUS(
        tx.execute("insert into ledger_checkpoints (workspace_id, size, root, note) values ($1, $2, $3, $4)"
                   " on conflict (workspace_id, size) do nothing",
                   {workspace, size, store::Bytes{as_bytes(head.root)}, note}));
    if (superseded) {
      TRY_STATUS(
          tx.execute("delete from ledger_checkpoints where workspace_id = $1 and size = $2", {workspace, older}));
    }
    TRY_STATUS(save_frontier(tx, workspace, state.range));
    return true;
  });
  if (!stored) return std::unexpected(std::move(stored).error());
  if (!*stored) return {};
  sealed_.add();
  if (on_sealed_) on_sealed_(workspace, note);
  return {};
}

}  // namespace answerable::audit
