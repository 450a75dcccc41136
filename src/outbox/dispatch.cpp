#include "outbox/dispatch.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "base/ensure.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "outbox/attempt.h"
#include "outbox/places.h"

namespace answerable::outbox {
namespace {

constexpr std::int64_t poll_ms = 1'000;           // the longest sleep
constexpr std::int64_t after_trouble_ms = 1'000;  // when the database does not answer
constexpr std::int64_t record_again_ms_max = 5'000;
constexpr int record_tries_while_stopping = 10;

class ThreadedDispatcher final : public Dispatcher {
 public:
  ThreadedDispatcher(store::Database& database, store::Blobs& blobs, FindCarrier find_carrier, Metrics& metrics,
                     DispatcherOptions options);
  ~ThreadedDispatcher() override { stop(); }
  Status start() override;
  void wake() override;
  void stop() override;
  Result<int> run_once() override;

 private:
  void work();
  Result<bool> work_once();  // false: nothing was due
  Result<std::optional<std::int64_t>> due_in_ms();
  Result<std::int64_t> recover(store::Transaction& tx, std::string_view holder);
  Result<std::vector<Claimed>> claim_one();
  Busy busy();
  void process(Claimed claimed);
  bool attempt_and_record(Claimed claimed);
  void give_back(const Ended& lease, std::int64_t wait_ms, std::string_view why = {});
  std::optional<SendResult> attempt(Claimed& claimed, Carrier& carrier, const Ended& lease);
  Status obtain_bytes(Claimed& claimed, Carrier& carrier, std::optional<Rendered>& rendered);
  void record(const Claimed& claimed, const Ended& ended);
  void measure(const Claimed& claimed, const Ended& ended);
  bool sleep(std::int64_t ms);  // false: stop
  void show_depth_sometimes();

  store::Database& database_;
  store::Blobs& blobs_;
  const FindCarrier find_carrier_;
  const DispatcherOptions options_;
  Counter& sent_;
  Counter& retried_;
  Counter& failed_;
  Counter& unknown_;
  Gauge& queued_;
  Gauge& sending_;
  Gauge& held_;
  Gauge& ended_failed_;
  Gauge& ended_unknown_;
  Gauge& ended_dead_;
  Histogram& latency_;

  std::mutex claiming_;  // locked before mutex_
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool is_woken_ = false;
  bool is_watched_ = false;
  // This process may have leases that nobody works on: the database went away while one was taken, or its send began.
  // They are taken up at once; else such a message would wait until its lease ends.
  std::atomic<bool> may_have_orphans_{false};
  Places places_;  // of what this process is sending: nobody takes it for cut off
  std::chrono::steady_clock::time_point depth_due_;
  std::vector<std::thread> threads_;
};

Counter& outcome_counter(Metrics& metrics, std::string_view labels) {
  return metrics.counter("answerable_outbox_attempts_total", "Attempts to deliver, by outcome", labels);
}

Gauge& depth_gauge(Metrics& metrics, std::string_view labels) {
  return metrics.gauge("answerable_outbox_depth", "Deliveries that still may go, by state", labels);
}

Gauge& ended_gauge(Metrics& metrics, std::string_view labels) {
  return metrics.gauge("answerable_outbox_ended", "Deliveries that ended without having arrived, by state", labels);
}

ThreadedDispatcher::ThreadedDispatcher(store::Database& database, store::Blobs& blobs, FindCarrier find_carrier,
                                       Metrics& metrics, DispatcherOptions options)
    : database_(database),
      blobs_(blobs),
      find_carrier_(std::move(find_carrier)),
      options_(std::move(options)),
      sent_(outcome_counter(metrics, "outcome=\"sent\"")),
      retried_(outcome_counter(metrics, "outcome=\"retry\"")),
      failed_(outcome_counter(metrics, "outcome=\"failed\"")),
      unknown_(outcome_counter(metrics, "outcome=\"unknown\"")),
      queued_(depth_gauge(metrics, "state=\"queued\"")),
      sending_(depth_gauge(metrics, "state=\"sending\"")),
      held_(depth_gauge(metrics, "state=\"held\"")),
      ended_failed_(ended_gauge(metrics, "state=\"failed\"")),
      ended_unknown_(ended_gauge(metrics, "state=\"unknown\"")),
      ended_dead_(ended_gauge(metrics, "state=\"dead\"")),
      latency_(metrics.histogram("answerable_outbox_seconds", "From the due time to the other side's acceptance")),
      places_(options_.threads) {
  ensure(options_.threads >= 1 && options_.threads <= 64, "1 to 64 outbox threads");
  ensure(!options_.node.empty(), "an outbox needs the name of its node");
}

Status ThreadedDispatcher::start() {
  TRY(auto recovered, database_.write([&](store::Transaction& tx) { return recover(tx, options_.node); }));
  if (recovered > 0) log::info("outbox_recovered", {{"deliveries", recovered}});
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
  return {};
}

void ThreadedDispatcher::wake() {
  std::lock_guard lock(mutex_);
  is_woken_ = true;
  changed_.notify_one();
}

void ThreadedDispatcher::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

// When nothing is known to be due, one thread looks by itself; the others wait until somebody has found work.
bool ThreadedDispatcher::sleep(std::int64_t ms) {
  std::unique_lock lock(mutex_);
  const auto is_called = [this] { return stopping_ || is_woken_; };
  const bool is_watch = ms >= poll_ms;
  if (is_watch && is_watched_) {
    changed_.wait(lock, is_called);
  } else {
    is_watched_ = is_watched_ || is_watch;
    changed_.wait_for(lock, std::chrono::milliseconds(ms), is_called);
    if (is_watch) is_watched_ = false;
  }
  is_woken_ = false;
  return !stopping_;
}

void ThreadedDispatcher::work() {
  name_this_thread("outbox");
  std::int64_t wait_ms = 0;
  while (wait_ms == 0 || sleep(wait_ms)) {
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    auto due = due_in_ms();
    if (!due) {
      log::error("outbox_unavailable", due.error());
      wait_ms = after_trouble_ms;
      continue;
    }
    wait_ms = std::clamp<std::int64_t>(due->value_or(poll_ms), 0, poll_ms);
    if (wait_ms > 0) continue;
    auto worked = work_once();
    if (!worked) log::error("outbox_unavailable", worked.error());
    if (!worked || !*worked) wait_ms = worked ? 20 : after_trouble_ms;
  }
}

Result<std::optional<std::int64_t>> ThreadedDispatcher::due_in_ms() {
  show_depth_sometimes();
  if (may_have_orphans_) return std::optional<std::int64_t>(0);
  return database_.query([busy = busy()](store::Session& session) -> Result<std::optional<std::int64_t>> {
    TRY(auto next, next_due(session, busy));
    if (!next) return std::optional<std::int64_t>();
    return std::optional(std::max<std::int64_t>(0, next->ms - session.now().ms));
  });
}

// Counting costs as much as there is queued, so not at every wake-up.
void ThreadedDispatcher::show_depth_sometimes() {
  {
    std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (now < depth_due_) return;
    depth_due_ = now + std::chrono::milliseconds(poll_ms);
  }
  std::int64_t depth[3] = {}, ended[3] = {};
  auto status = database_.read([&](store::Session& session) -> Status {
    TRY_STATUS(session.each("select state, count(*) from deliveries where state < 10 group by state", {},
                            [&](const store::Row& row) { depth[row.integer(0) % 3] = row.integer(1); }));
    // By workspace, for that is how the index of states begins.
    return session.each(
        "select d.state, count(*) from workspaces w join deliveries d on d.workspace_id = w.id "
        "and d.state in (12, 13, 14) group by d.state",
        {}, [&](const store::Row& row) { ended[row.integer(0) - 12] = row.integer(1); });
  });
  if (!status) return;
  queued_.set(depth[0]);
  sending_.set(depth[1]);
  held_.set(depth[2]);
  ended_failed_.set(ended[0]);
  ended_unknown_.set(ended[1]);
  ended_dead_.set(ended[2]);
}

Result<std::int64_t> ThreadedDispatcher::recover(store::Transaction& tx, std::string_view holder) {
  auto on_ambiguous = [&](WorkspaceId workspace, ChannelId channel) {
    auto* carrier = find_carrier_(workspace, channel);
    return carrier == nullptr ? Ambiguity::repeat : carrier->on_ambiguous();
  };
  auto is_in_flight = [&](DeliveryId id) {
    std::lock_guard lock(mutex_);
    return places_.has(id);
  };
  return recover_expired(tx, {.holder = holder,
                              .on_ambiguous = on_ambiguous,
                              .is_in_flight = is_in_flight,
                              .on_undelivered = options_.on_undelivered});
}

Result<bool> ThreadedDispatcher::work_once() {
  TRY(auto claimed, claim_one());
  if (claimed.empty()) return false;
  wake();  // there may be more: another thread looks while this one sends
  process(std::move(claimed.front()));
  wake();  // what waited for the place
  return true;
}

Result<int> ThreadedDispatcher::run_once() {
  int attempts = 0;
  while (true) {
    TRY(auto claimed, claim_one());
    if (claimed.empty()) return attempts;
    process(std::move(claimed.front()));
    ++attempts;
  }
}

// With its place; after what was cut off has been taken up.
Result<std::vector<Claimed>> ThreadedDispatcher::claim_one() {
  auto has_carrier = [&](WorkspaceId workspace, ChannelId channel) {
    return find_carrier_(workspace, channel) != nullptr;
  };
  std::lock_guard one_at_a_time(claiming_);  // else two could take the last place of a channel
  const std::string_view own = may_have_orphans_.exchange(false) ? std::string_view(options_.node) : "";
  auto claimed = database_.write([&, busy = busy()](store::Transaction& tx) -> Result<std::vector<Claimed>> {
    TRY_STATUS(recover(tx, own));
    return claim_due(tx, options_.node, 1, has_carrier, busy);
  });
  if (!claimed) may_have_orphans_ = true;  // its commit may have been done all the same
  if (!claimed) return claimed;
  std::lock_guard lock(mutex_);
  for (const auto& one : *claimed) places_.take(one.delivery);
  return claimed;
}

Busy ThreadedDispatcher::busy() {
  std::lock_guard lock(mutex_);
  return places_.busy();
}

void ThreadedDispatcher::process(Claimed claimed) {
  const auto [id, fence] = std::pair(claimed.delivery.id, claimed.delivery.fence);
  const bool is_recorded = attempt_and_record(std::move(claimed));
  std::lock_guard lock(mutex_);
  places_.leave(id, fence);
  if (!is_recorded) may_have_orphans_ = true;
}

// False: there was no attempt, and the lease may be there still.
bool ThreadedDispatcher::attempt_and_record(Claimed claimed) {
  const auto& message = claimed.delivery.message;
  Ended ended{
      .workspace = message.workspace, .delivery = claimed.delivery.id, .fence = claimed.delivery.fence, .result = {}};
  auto* carrier = find_carrier_(message.workspace, message.channel);
  if (carrier == nullptr) {
    give_back(ended, no_carrier_wait_ms);
    return false;
  }
  ended.on_ambiguous = carrier->on_ambiguous();
  ended.on_undelivered = options_.on_undelivered;
  auto result = attempt(claimed, *carrier, ended);
  if (!result) return false;
  ended.result = *std::move(result);
  record(claimed, ended);
  return true;
}

void ThreadedDispatcher::give_back(const Ended& lease, std::int64_t wait_ms, std::string_view why) {
  auto status = database_.write([&](store::Transaction& tx) { return postpone(tx, lease, wait_ms, why); });
  if (!status) log::error("outbox_postpone_failed", status.error());
}

// The bytes that every attempt sends: kept from an earlier attempt, or rendered now (then `rendered` is set).
Status ThreadedDispatcher::obtain_bytes(Claimed& claimed, Carrier& carrier, std::optional<Rendered>& rendered) {
  auto& delivery = claimed.delivery;
  if (!delivery.rendered.empty()) return {};
  if (claimed.rendered_blob) {
    TRY(delivery.rendered, blobs_.get(*claimed.rendered_blob));
    delivery.rendered.erase(0, delivery.id.bytes().size());
    return {};
  }
  TRY(rendered, carrier.render(delivery.message));
  delivery.rendered = rendered->bytes;
  delivery.external_id = rendered->external_id;
  if (rendered->bytes.size() <= rendered_inline_max) return {};
  // With the id before them, so that they are a blob of their own: it is removed when it was sent, and equal bytes
  // could be somebody's attachment or another delivery.
  TRY(auto stored, blobs_.put(std::string(delivery.id.bytes()) + rendered->bytes));
  claimed.rendered_blob = stored.digest;
  claimed.hold = std::move(stored.hold);
  return {};
}

// Nothing: there was none, and nothing is to be recorded of it.
std::optional<SendResult> ThreadedDispatcher::attempt(Claimed& claimed, Carrier& carrier, const Ended& lease) {
  auto& delivery = claimed.delivery;
  std::optional<Rendered> rendered;
  if (auto obtained = obtain_bytes(claimed, carrier, rendered); !obtained) {
    const auto& error = obtained.error();
    const bool may_pass = error.kind == ErrorKind::unavailable || error.kind == ErrorKind::limited;
    return SendResult{.outcome = may_pass ? Outcome::retry : Outcome::failed,
                      .external_id = {},
                      .detail = error.code + ": " + error.detail};
  }
  if (options_.examine) {
    auto objection = options_.examine(delivery);
    if (!objection) {
      give_back(lease, not_examined_wait_ms, objection.error().detail);
      return std::nullopt;
    }
    if (*objection) return SendResult{.outcome = Outcome::failed, .external_id = {}, .detail = **std::move(objection)};
  }
  Begin begin{.delivery = delivery.id,
              .workspace = delivery.message.workspace,
              .fence = delivery.fence,
              .rendered = rendered ? &*rendered : nullptr,
              .rendered_blob = claimed.rendered_blob ? &*claimed.rendered_blob : nullptr};
  auto begun = database_.write([&](store::Transaction& tx) { return begin_attempt(tx, begin); });
  if (!begun) log::error("outbox_begin_failed", begun.error());
  if (!begun || !*begun) return std::nullopt;
  return carrier.send(delivery);
}

// The outcome must not be lost: without it a message that was sent would be sent again. So as long as the database does
// not take it (full disk, restart), we wait; only a stop that cannot wait for ever gives up.
void ThreadedDispatcher::record(const Claimed& claimed, const Ended& ended) {
  auto wait_ms = options_.record_again_ms;
  for (int tries_while_stopping = 0; tries_while_stopping < record_tries_while_stopping;) {
    auto state = database_.write([&](store::Transaction& tx) { return record_attempt(tx, ended); });
    if (state) {
      measure(claimed, ended);
      if (*state != DeliveryState::sent || !claimed.rendered_blob) return;
      if (auto removed = blobs_.remove(*claimed.rendered_blob); !removed)
        log::error("outbox_blob_kept", removed.error());
      return;
    }
    log::error("outbox_record_failed", state.error());
    if (state.error().kind == ErrorKind::not_found) return;
    {
      std::lock_guard lock(mutex_);
      if (stopping_) wait_ms = options_.record_again_ms;
      tries_while_stopping += stopping_ ? 1 : 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
    wait_ms = std::min(2 * wait_ms, record_again_ms_max);
  }
}

void ThreadedDispatcher::measure(const Claimed& claimed, const Ended& ended) {
  switch (ended.result.outcome) {
    case Outcome::sent: sent_.add(); break;
    case Outcome::retry: retried_.add(); return;
    case Outcome::failed: failed_.add(); return;
    case Outcome::unknown: unknown_.add(); return;
  }
  auto now = database_.query([](store::Session& session) -> Result<Time> { return session.now(); });
  if (now) latency_.observe_us((now->ms - claimed.delivery.next_attempt_at.ms) * 1'000);
}

}  // namespace

std::unique_ptr<Dispatcher> Dispatcher::make(store::Database& database, store::Blobs& blobs, FindCarrier find_carrier,
                                             Metrics& metrics, DispatcherOptions options) {
  return std::make_unique<ThreadedDispatcher>(database, blobs, std::move(find_carrier), metrics, std::move(options));
}

}  // namespace answerable::outbox
