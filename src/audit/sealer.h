// Signs a checkpoint of each ledger at most a second after activity, on its own thread. It recomputes every leaf from
// the entry's bytes and never signs a tree that does not continue the one it signed before: such a ledger is reported
// (answerable_ledger_broken) and left alone.
#pragma once

#include <condition_variable>
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

  Sealer(SigningKey key, store::Database& database, Metrics& metrics);
  ~Sealer();  // stop()

  // There may be new entries; to be called after each commit that announced the workspace. Short, any thread.
  void notice(WorkspaceId workspace);
  // Seals what is there, now, on the caller's thread. Errors: those of the database; internal "ledger_broken".
  Status seal(WorkspaceId workspace);
  // Seals what was noticed and ends the thread. To be called before the database is closed.
  void stop();

  const PublicKey& public_key() const { return key_.public_key(); }

 private:
  // Of every 256 entries one checkpoint is kept, besides the newest.
  static constexpr std::int64_t kept_every = 256;
  struct State {
    std::int64_t entries = 0;
    TreeHead sealed;     // of the newest checkpoint
    CompactRange range;  // at it
  };

  void loop();
  Status notice_unsealed();
  Result<State> load(WorkspaceId workspace);
  Result<TreeHead> newest_checkpoint(store::Session& session, WorkspaceId workspace);
  Status extend(WorkspaceId workspace, CompactRange& range, std::int64_t until);
  Status store_checkpoint(WorkspaceId workspace, const State& state);
  Status report_broken(WorkspaceId workspace, std::int64_t seq, std::string_view reason);

  const SigningKey key_;
  store::Database& database_;
  Counter& sealed_;
  Gauge& broken_count_;

  std::mutex sealing_;  // one at a time
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<WorkspaceId> noticed_;
  std::set<WorkspaceId> broken_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace answerable::audit
