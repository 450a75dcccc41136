#include "intake/engine.h"

#include <algorithm>

#include "base/ensure.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "intake/prepare.h"
#include "intake/quarantine.h"
#include "intake/spool.h"
#include "store/bulk.h"

namespace answerable::intake {

namespace {

constexpr int conflicts_max = 5;  // then the arrival goes to quarantine instead

// Worth another try as it is: the cause lies outside of the message.
bool may_pass(const Error& error, int attempts) {
  if (error.kind == ErrorKind::unavailable || error.kind == ErrorKind::limited) return true;
  return error.kind == ErrorKind::conflict && attempts < conflicts_max;
}

WorkItem taken_up(const Waiting& one) {
  WorkItem item;
  item.workspace = one.workspace;
  item.spool = one.id;
  item.insistence = one.insistence;
  item.tries = one.tries;
  return item;
}

}  // namespace

Engine::Engine(IntakeParts parts, IntakeLimits limits)
    : parts_(parts),
      limits_(limits),
      refused_(parts.metrics.counter("answerable_intake_refused_total",
                                     "Arrivals that were not acknowledged; the peer keeps them.")),
      queue_(parts.clock),
      waiting_(limits.waiting_max, limits.workspace_waiting_max) {
  other_figures_ = make_figures("other");
  parts_.metrics.watch("answerable_intake_waiting", "Arrivals that are durable and not yet understood.",
                       [this] { return static_cast<std::int64_t>(waiting_.all()); });
  parts_.metrics.watch("answerable_intake_held", "Arrivals that wait for the malware scanner.",
                       [this] { return static_cast<std::int64_t>(held_.load()); });
}

Engine::~Engine() { stop(); }

Engine::KindFigures Engine::make_figures(const std::string& kind) {
  const auto label = "kind=\"" + kind + "\"";
  KindFigures figures;
  figures.accepted = &parts_.metrics.counter("answerable_intake_accepted_total", "Arrivals made durable.", label);
  figures.repeated =
      &parts_.metrics.counter("answerable_intake_repeated_total", "Arrivals that had been there already.", label);
  for (auto one : {Disposition::appended, Disposition::duplicate, Disposition::bounce_recorded,
                   Disposition::loop_stopped, Disposition::quarantined, Disposition::held}) {
    auto both = label + ",disposition=\"" + std::string(to_string(one)) + "\"";
    figures.dispositions[one] =
        &parts_.metrics.counter("answerable_intake_dispositions_total", "What became of arrivals.", both);
  }
  return figures;
}

// One series a channel, for so many channels as limits.h allows; those that come later share one.
Engine::Lags Engine::lags_of(ChannelId channel, const std::string& kind) {
  std::lock_guard lock(lags_mutex_);
  if (auto known = lags_.find(channel); known != lags_.end()) return known->second;
  const bool has_own = lags_.size() < lag_series_max;
  const std::string shown_kind = normalisers_.contains(kind) ? kind : "other";
  const auto label = has_own ? "channel=\"" + channel.text() + "\",kind=\"" + shown_kind + "\""
                             : std::string("channel=\"other\",kind=\"other\"");
  const Lags lags{.to_stored = &parts_.metrics.histogram("answerable_intake_source_lag_seconds",
                                                         "From the time at the source to stored.", label),
                  .to_visible = &parts_.metrics.histogram("answerable_intake_lag_seconds",
                                                          "From received to visible in the inbox.", label)};
  if (has_own) lags_[channel] = lags;
  return lags;
}

// The same two parts as the completeness ledger has (Stage).
void Engine::measure(const Prepared& prepared) {
  if (is_replay(prepared)) return;  // its time is not the channel's fault
  const auto& arrival = prepared.arrival;
  const auto lags = lags_of(arrival.channel, arrival.channel_kind);
  const auto observe = [](Histogram& lag, Time from, Time to) {
    lag.observe_us(std::max<std::int64_t>(0, to.ms - from.ms) * 1'000);
  };
  observe(*lags.to_visible, arrival.received_at, parts_.clock.now());
  if (arrival.source_at) observe(*lags.to_stored, *arrival.source_at, arrival.received_at);
}

Engine::KindFigures& Engine::figures_of(const std::string& kind) {
  auto known = figures_.find(kind);
  return known == figures_.end() ? other_figures_ : known->second;
}

void Engine::normalise_with(std::string channel_kind, Normalise normalise) {
  ensure(threads_.empty(), "normalisers are registered before the intake starts");
  figures_[channel_kind] = make_figures(channel_kind);
  normalisers_[std::move(channel_kind)] = std::move(normalise);
}

Status Engine::start() {
  TRY(auto left, parts_.database.write([&](store::Transaction& tx) { return take_up_all(tx, parts_.node); }));
  if (!left.empty()) log::info("intake_recovers", {{"arrivals", left.size()}});
  for (const auto& one : left) waiting_.add(one.workspace);
  // What was being read when the process ended goes alone, one after the other: the next end would be the fault of one.
  for (const auto& one : left) {
    if (one.tries == 0) continue;
    queue_.push(taken_up(one));
    work(*queue_.pop());
  }
  for (const auto& one : left)
    if (one.tries == 0) queue_.push(taken_up(one));
  for (std::size_t worker = 0; worker < std::max<std::size_t>(1, limits_.workers); ++worker)
    threads_.emplace_back([this] { run(); });
  threads_.emplace_back([this] { run_large(); });
  return {};
}

Status Engine::take_over() {
  TRY(const bool is_any,
      parts_.database.query([&](store::Session& session) { return is_any_abandoned(session, parts_.node); }));
  if (!is_any) return {};
  TRY(const auto left,
      parts_.database.write([&](store::Transaction& tx) { return take_up_abandoned(tx, parts_.node); }));
  if (!left.empty()) log::info("intake_takes_over", {{"arrivals", left.size()}});
  for (const auto& one : left) {
    waiting_.add(one.workspace);
    queue_.push(taken_up(one));
  }
  return {};
}

void Engine::stop() {
  {
    std::lock_guard lock(large_mutex_);
    stopping_ = true;
  }
  large_wake_.notify_all();
  queue_.close();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  std::unique_lock lock(idle_mutex_);
  idle_.wait(lock, [&] { return jobs_in_flight_ == 0; });
  idle_.notify_all();
}

void Engine::wait_until_idle() {
  std::unique_lock lock(idle_mutex_);
  idle_.wait(lock, [&] { return waiting_.all() == held_ || stopping_; });
}

void Engine::run() {
  name_this_thread("intake");
  while (auto item = queue_.pop()) work(*std::move(item));
}

// False: there is nothing to do any more.
Result<bool> Engine::read_from_spool(WorkItem& item) {
  auto loaded = parts_.database.query(
      [&](store::Session& session) { return load_arrival(session, parts_.blobs, item.workspace, item.spool); });
  if (loaded) {
    memory_bytes_ += loaded->raw.size();
    item.arrival = *std::move(loaded);
    return true;
  }
  // The commit whose outcome nobody knew did not happen.
  if (loaded.error().code == "spool_entry_not_found") return false;
  return std::unexpected(std::move(loaded).error());
}

void Engine::work(WorkItem item) {
  const auto turn = item.turn;
  const auto attempts = item.attempts;
  auto prepared = make_ready(item);
  if (!prepared) return sequence_.complete(turn, nullptr);
  sequence_.complete(turn, [this, prepared, attempts] { submit_receive(prepared, attempts); });
}

Status Engine::note_tries(const WorkItem& item, int tries) {
  return parts_.database.write(
      [&](store::Transaction& tx) { return intake::note_tries(tx, item.workspace, item.spool, tries); });
}

// Bytes that the blob store has lost do not come back by trying, and what ends the process does so again: the arrival
// becomes visible in quarantine. Anything else may pass.
std::shared_ptr<Prepared> Engine::unreadable(WorkItem& item, const Error& why) {
  const bool is_final = why.code == "blob_missing" || why.code == "blob_damaged" || why.code == "reading_ends_process";
  auto envelope = parts_.database.query(
      [&](store::Session& session) { return load_envelope(session, item.workspace, item.spool); });
  if (!is_final || !envelope) {
    retry(std::move(item));
    return nullptr;
  }
  auto prepared = std::make_shared<Prepared>();
  prepared->spool = item.spool;
  prepared->arrival = *std::move(envelope);
  prepared->size = static_cast<std::int64_t>(prepared->arrival.raw.size());
  prepared->unusable_reason = why.code;
  prepared->unusable_detail = why.detail;
  return prepared;
}

// Null: there is nothing to do any more, or not now; both is taken care of.
std::shared_ptr<Prepared> Engine::make_ready(WorkItem& item) {
  if (item.tries >= tries_max)
    return unreadable(item, {ErrorKind::internal, "reading_ends_process",
                             "The server ended " + std::to_string(*item.tries) + " times while it read this message."});
  if (!may_scan(item)) {
    if (item.arrival) memory_bytes_ -= item.arrival->raw.size();
    hold(std::move(item));
    return nullptr;
  }
  if (!item.arrival) {
    auto readable = read_from_spool(item);
    if (!readable) {
      log::error("spool_unreadable", readable.error());
      return unreadable(item, readable.error());
    }
    if (!*readable) {
      finish_one(item.workspace);
      return nullptr;
    }
  }
  const auto bytes = item.arrival->raw.size();
  const bool is_noted = item.tries.has_value();
  if (is_noted) {
    if (auto status = note_tries(item, *item.tries + 1); !status) {
      memory_bytes_ -= bytes;
      item.arrival.reset();
      retry(std::move(item));
      return nullptr;
    }
    item.tries.reset();
  }
  PrepareParts parts{parts_.blobs, parts_.channels, pairs_, normalisers_, parts_.scanner};
  auto prepared = prepare(parts, item, parts_.clock.now());
  memory_bytes_ -= bytes;
  if (prepared) return std::make_shared<Prepared>(*std::move(prepared));
  log::warning("intake_waits", {{"code", prepared.error().code}});
  if (is_noted) {
    if (auto status = note_tries(item, 0); !status) log::error("tries_not_noted", status.error());
  }
  if (prepared.error().code == "scanner_unavailable")
    hold(std::move(item));
  else
    retry(std::move(item));
  return nullptr;
}

void Engine::submit_receive(std::shared_ptr<Prepared> prepared, int attempts) {
  {
    std::lock_guard lock(idle_mutex_);
    ++jobs_in_flight_;
  }
  auto result = std::make_shared<Received>();
  store::submit_bulk(
      parts_.database,
      [prepared, result](store::Transaction& tx) -> Status {
        TRY(*result, receive(tx, *prepared));
        return {};
      },
      [this, prepared, result, attempts](Status status) {
        received(prepared, *result, status, attempts);
        job_ended();
      });
}

void Engine::received(const std::shared_ptr<Prepared>& prepared, const Received& result, const Status& status,
                      int attempts) {
  if (status) {
    auto& figures = figures_of(prepared->arrival.channel_kind);
    if (!result.was_settled_before) {
      figures.dispositions[result.disposition]->add();
      measure(*prepared);
    }
    return finish_one(prepared->arrival.workspace);
  }
  const auto& error = status.error();
  if (!may_pass(error, attempts) && prepared->unusable_reason.empty() && !stopping_) {
    // Our mistake or a message that the domain refuses: visible and replayable instead of tried for ever.
    log::error("arrival_not_appended", error);
    prepared->unusable_reason = error.code;
    prepared->unusable_detail = error.detail;
    return submit_receive(prepared, attempts);
  }
  log::warning("receive_failed", {{"code", error.code}, {"attempts", attempts}});
  WorkItem item;
  item.workspace = prepared->arrival.workspace;
  item.spool = prepared->spool;
  item.insistence = prepared->insistence;
  item.attempts = attempts;
  item.pair_limit_reached = prepared->pair_limit_reached;
  retry(std::move(item));
}

// While the scanner is down nothing is read for it in vain.
bool Engine::may_scan(WorkItem& item) {
  if (parts_.scanner == nullptr) return true;
  if (item.insistence != Insistence::despite_malware && !parts_.scanner->is_there()) return false;
  if (item.is_held) --held_;
  item.is_held = false;
  return true;
}

// It stays in the spool until the scanner answers, however long that takes, and then goes on by itself.
void Engine::hold(WorkItem item) {
  if (stopping_) return finish_one(item.workspace);
  if (!item.is_held) ++held_;
  item.is_held = true;
  item.arrival.reset();
  queue_.push_later(std::move(item), policy::scanner_wait_ms);
  std::lock_guard lock(idle_mutex_);
  idle_.notify_all();
}

void Engine::retry(WorkItem item) {
  if (stopping_) return finish_one(item.workspace);  // it stays in the spool for the next start
  const auto doublings = std::min(item.attempts, 20);
  const auto delay_ms = std::min(limits_.retry_last_ms, limits_.retry_first_ms << doublings);
  ++item.attempts;
  queue_.push_later(std::move(item), delay_ms);
}

Status Engine::replay(const access::Actor& actor, SpoolId id, Insistence insistence, std::string_view why) {
  TRY_STATUS(parts_.database.write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(release_quarantined(tx, actor, id, insistence, why));
    return take_up(tx, actor.workspace, id, parts_.node);
  }));
  waiting_.add(actor.workspace);
  WorkItem item;
  item.workspace = actor.workspace;
  item.spool = id;
  item.insistence = insistence;
  queue_.push(std::move(item));
  return {};
}

void Engine::finish_one(WorkspaceId workspace) {
  if (!waiting_.give(workspace)) return;
  std::lock_guard lock(idle_mutex_);
  idle_.notify_all();
}

void Engine::job_ended() {
  std::lock_guard lock(idle_mutex_);
  if (--jobs_in_flight_ == 0) idle_.notify_all();
}

}  // namespace answerable::intake
