// The intake as it runs: accept() on any thread, the database's writer thread for what is durable, own threads for
// parsing.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "intake/accept.h"
#include "intake/pair_limit.h"
#include "intake/receive.h"
#include "intake/waiting_count.h"
#include "intake/work_queue.h"

namespace answerable::intake {

class Engine final : public Intake {
 public:
  Engine(IntakeParts parts, IntakeLimits limits);
  ~Engine() override;

  void accept(Arrival arrival, std::function<Status(store::Transaction&)> also,
              std::function<void(Status)> done) override;
  Result<std::unique_ptr<store::BlobReceiver>> receive_large() override { return parts_.blobs.receive(); }
  Status has_room(std::size_t bytes) const override;
  void normalise_with(std::string channel_kind, Normalise normalise) override;
  Status replay(const access::Actor& actor, SpoolId id, Insistence insistence, std::string_view why) override;
  std::size_t waiting() const override { return waiting_.all(); }
  std::size_t held() const override { return held_; }
  Status start() override;
  Status take_over() override;
  void stop() override;
  void wait_until_idle() override;

 private:
  struct Accepting;
  struct KindFigures {
    Counter* accepted = nullptr;
    Counter* repeated = nullptr;
    std::map<Disposition, Counter*> dispositions;
  };

  struct Lags {
    Histogram* to_stored = nullptr;  // what the source says of its time
    Histogram* to_visible = nullptr;
  };

  // accept.cpp
  void store(std::shared_ptr<Accepting> accepting);
  void stored(Accepting& accepting, const Status& status);
  void store_large(std::shared_ptr<Accepting> accepting);
  void run_large();
  // engine.cpp
  void run();
  void work(WorkItem item);
  std::shared_ptr<Prepared> make_ready(WorkItem& item);
  Result<bool> read_from_spool(WorkItem& item);
  std::shared_ptr<Prepared> unreadable(WorkItem& item, const Error& why);
  Status note_tries(const WorkItem& item, int tries);
  void submit_receive(std::shared_ptr<Prepared> prepared, int attempts);
  void received(const std::shared_ptr<Prepared>& prepared, const Received& result, const Status& status, int attempts);
  bool may_scan(WorkItem& item);
  void hold(WorkItem item);
  void retry(WorkItem item);
  void finish_one(WorkspaceId workspace);
  void job_ended();
  KindFigures& figures_of(const std::string& kind);
  KindFigures make_figures(const std::string& kind);
  Lags lags_of(ChannelId channel, const std::string& kind);
  void measure(const Prepared& prepared);

  const IntakeParts parts_;
  const IntakeLimits limits_;
  std::map<std::string, Normalise> normalisers_;
  std::map<std::string, KindFigures> figures_;
  KindFigures other_figures_;
  std::mutex lags_mutex_;
  std::map<ChannelId, Lags> lags_;
  Counter& refused_;
  PairLimit pairs_;
  WorkQueue queue_;
  Sequence sequence_;
  WaitingCount waiting_;
  std::atomic<std::size_t> held_{0};  // of those, for the malware scanner
  std::atomic<std::size_t> memory_bytes_{0};
  std::atomic<bool> stopping_{false};

  std::mutex idle_mutex_;
  std::condition_variable idle_;
  std::size_t jobs_in_flight_ = 0;  // guarded by idle_mutex_

  std::mutex large_mutex_;
  std::condition_variable large_wake_;
  std::deque<std::shared_ptr<Accepting>> large_;

  std::vector<std::thread> threads_;
};

}  // namespace answerable::intake
