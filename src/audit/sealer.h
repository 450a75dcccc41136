// Signs a checkpoint of each ledger at most a second after activity, on its own thread. It recomputes every leaf from
// the entry's bytes and never signs a tree that does not continue the one it signed before: such a ledger is reported
// (answerable_ledger_broken) and left alone.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "audit/checkpoint.h"
#include "base/metrics.h"
#include "store/database.h"

namespace answerable::audit {

class Sealer {
 public:
  static constexpr int interval_ms =
      500;  // activity is gathered this long, so that a busy ledger costs two writes a second

  // The newest checkpoints of the workspaces go into the installation's ledger this often, when there are any, and at
  // the end.
  static constexpr int anchor_interval_ms = 60'000;

  // Called after a checkpoint is durable, on the thread that sealed; must be short.
  using OnSealed = std::function<void(WorkspaceId, std::string_view note)>;

  Sealer(SigningKey key, store::Database& database, Metrics& metrics, OnSealed on_sealed = {});
  ~Sealer();  // stop()

  // There may be new entries; to be called after each commit that announced the workspace. Short, any thread.
  void notice(WorkspaceId workspace);
  // Seals what is there, now, on the caller's thread. Errors: those of the database; internal "ledger_broken".
  Status seal(WorkspaceId workspace);
  // Enters the newest checkpoints into the installation's ledger (anchor.h), now.
  Status anchor();
  // Seals and anchors what was noticed and ends the thread. To be called before the database is closed.
  void stop();

  const PublicKey& public_key() const { return key_.public_key(); }

 private:
  // Of every 256 entries one checkpoint is kept, besides the newest.
  static constexpr std::int64_t kept_every = 256;
  struct State {
    std::int64_t entries = 0;
    std::int64_t epoch = 1;
    TreeHead sealed;     // of the newest checkpoint
    CompactRange range;  // at it
  };

  using Instant = std::chrono::steady_clock::time_point;
  void loop();
  // Waits until there is something to do and takes it; whether this is the last time.
  bool wait_for_work(Instant anchor_due, std::set<WorkspaceId>& workspaces);
  Status notice_unsealed();
  Result<State> load(WorkspaceId workspace);
  // Of this epoch, or of one before when nothing was sealed in it yet.
  Result<TreeHead> newest_head(store::Session& session, const LedgerName& ledger);
  Status extend(WorkspaceId workspace, CompactRange& range, std::int64_t until);
  Status store_checkpoint(WorkspaceId workspace, const State& state);
  Status report_broken(WorkspaceId workspace, std::int64_t seq, std::string_view reason);

  const SigningKey key_;
  store::Database& database_;
  OnSealed on_sealed_;
  Counter& sealed_;
  Gauge& broken_count_;

  std::mutex sealing_;  // one at a time
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<WorkspaceId> noticed_;
  std::set<WorkspaceId> broken_;
  bool stopping_ = false;
  bool is_anchor_due_ = true;  // once at the start: what the last process left; the sealer's thread only
  std::thread thread_;
};

}  // namespace answerable::audit
