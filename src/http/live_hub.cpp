#include "http/live_hub.h"

#include <algorithm>

#include "access/ended.h"
#include "base/log.h"
#include "cluster/event_log.h"
#include "http/conversation_json.h"
#include "policy/entitlement.h"

namespace answerable::http {
namespace {

std::shared_ptr<const std::string> frame_of(JsonWriter& out) { return std::make_shared<const std::string>(out.take()); }

std::shared_ptr<const std::string> seq_frame(std::string_view type, std::int64_t seq) {
  JsonWriter out;
  out.begin_object().member("type", type).member("seq", seq).end_object();
  return frame_of(out);
}

bool is_narrowed(const access::Actor& actor) { return actor.sees_only_assigned() || actor.hides_personal(); }

struct Batch {
  std::int64_t last = 0;                     // of the frame
  std::int64_t head = 0;                     // of the log
  std::shared_ptr<const std::string> frame;  // null when there is nothing new
  bool has_suspension = false;
};

// For this reader; a nil one sees all, and its frame is for all who do.
Result<Batch> read_batch(ApiContext& api, const access::Actor& reader, std::int64_t after) {
  const auto workspace = reader.workspace;
  return api.database().query([&](store::Session& session) -> Result<Batch> {
    TRY(const auto events, cluster::events_after(session, workspace, after, LiveHub::batch));
    TRY(const auto head, cluster::last_seq(session, workspace));
    Batch read{.last = after, .head = head, .frame = nullptr};
    if (events.empty()) return read;
    read.has_suspension = std::ranges::count(events, "suspension_changed", &cluster::Event::kind) > 0;
    TRY(const auto names, load_names(api, session, reader));
    JsonWriter out(4096);
    out.begin_object().member("type", "events").key("events").begin_array();
    TRY(read.last, write_events(out, session, events, names, reader));
    out.end_array().member("seq", read.last).end_object();
    read.frame = frame_of(out);
    return read;
  });
}

}  // namespace

std::shared_ptr<LiveHub> LiveHub::make(ApiContext& api) {
  auto hub = std::make_shared<LiveHub>(api);
  hub->start();
  return hub;
}

void LiveHub::start() {
  on_wake_ = api_.parts.fanout.on_wake([this](WorkspaceId workspace) { woken(workspace); });
  on_signal_ = api_.parts.fanout.on_signal([this](const cluster::Signal& signal) { signalled(signal); });
  every(check_every_ms, &LiveHub::check_credentials);
  every(access::look_for_ended_every_ms, &LiveHub::look_for_ended);
  every(expire_every_ms, &LiveHub::expire_presence);
  every(look_every_ms, &LiveHub::look_again);
}

void LiveHub::every(std::int64_t period_ms, void (LiveHub::*work)()) {
  std::weak_ptr<LiveHub> weak = weak_from_this();
  api_.parts.loop.run_after(period_ms, [weak, period_ms, work] {
    const auto hub = weak.lock();
    if (!hub) return;
    {
      const std::scoped_lock lock(hub->mutex_);
      if (hub->is_stopped_) return;
      ++hub->jobs_;  // stop() waits for us
    }
    (*hub.*work)();
    hub->every(period_ms, work);
    hub->ended();
  });
}

bool LiveHub::run(WorkspaceId workspace, std::function<void()> job) {
  {
    const std::scoped_lock lock(mutex_);
    if (is_stopped_) return false;
    ++jobs_;
  }
  const auto lane = workspace.is_nil() ? net::WorkerPool::own_lane : Lanes::lane_of(workspace);
  const bool is_taken = api_.parts.workers.submit(lane, [self = shared_from_this(), job = std::move(job)] {
    job();
    self->ended();
  });
  if (!is_taken) ended();
  return is_taken;
}

void LiveHub::ended() {
  const std::scoped_lock lock(mutex_);
  --jobs_;
  if (jobs_ == 0) idle_.notify_all();
}

void LiveHub::stop() {
  on_wake_.reset();
  on_signal_.reset();
  std::vector<Waiter> waiters;
  {
    std::unique_lock lock(mutex_);
    if (is_stopped_) return;
    is_stopped_ = true;
    idle_.wait(lock, [this] { return jobs_ == 0; });
    for (auto& [workspace, room] : rooms_) {
      std::move(room.waiters.begin(), room.waiters.end(), std::back_inserter(waiters));
      for (const auto& member : room.members) member->socket->close(net::close_code::going_away, "the server stops");
    }
    rooms_.clear();
  }
  for (const auto& waiter : waiters) {
    waiter->timer.cancel();
    waiter->answer(true);
  }
}

Status LiveHub::join(const Member& member, const std::optional<std::int64_t>& connections) {
  const std::scoped_lock lock(mutex_);
  if (is_stopped_ || members_ >= members_max)
    return fail(ErrorKind::unavailable, "busy", "Too many live connections: try again in a minute.");
  auto& members = rooms_[member->actor.workspace].members;
  auto may = policy::judge_connection(connections, members.size());
  if (may) {
    members.insert(member);
    ++members_;
  } else {
    drop_if_empty(member->actor.workspace);
  }
  return may;
}

std::int64_t LiveHub::open_of(WorkspaceId workspace) {
  const std::scoped_lock lock(mutex_);
  const auto room = rooms_.find(workspace);
  return room == rooms_.end() ? 0 : static_cast<std::int64_t>(room->second.members.size());
}

void LiveHub::leave(const Member& member) {
  std::set<ConversationId> viewing;
  {
    const std::scoped_lock lock(mutex_);
    const auto room = rooms_.find(member->actor.workspace);
    if (room == rooms_.end() || room->second.members.erase(member) == 0) return;
    --members_;
    viewing.swap(member->viewing);
    drop_if_empty(member->actor.workspace);
  }
  for (const auto& conversation : viewing) note_presence(member->actor, conversation, "left");
}

void LiveHub::drop_if_empty(WorkspaceId workspace) {
  const auto room = rooms_.find(workspace);
  if (room == rooms_.end() || room->second.is_pumping) return;
  if (room->second.members.empty() && room->second.waiters.empty()) rooms_.erase(room);
}

void LiveHub::hello(const Member& member, std::int64_t after) {
  {
    const std::scoped_lock lock(mutex_);
    if (member->has_said_hello) return;
    member->has_said_hello = true;
    member->seq = after;
  }
  const bool is_taken = run(member->actor.workspace, [this, member] { catch_up(member, true); });
  if (!is_taken) member->socket->close(net::close_code::try_again_later, "too busy");
}

void LiveHub::catch_up(const Member& member, bool is_first) {
  do {
    auto read = read_batch(api_, member->actor, std::max<std::int64_t>(member->seq, 0));
    if (!read) {
      log::error("live_catch_up_failed", read.error());
      return member->socket->close(net::close_code::try_again_later, "the database does not answer");
    }
    if (is_first) member->socket->send(seq_frame("welcome", read->head));
    const bool is_from_now = is_first && member->seq < 0;
    const bool is_lost = !is_from_now && (member->seq > read->head || read->head - member->seq > catch_up_max);
    is_first = false;
    if (is_lost) member->socket->send(seq_frame("resync", read->head));
    const bool skips = is_from_now || is_lost;
    if (!skips && read->frame) member->socket->send(read->frame);
    const std::scoped_lock lock(mutex_);
    member->seq = skips ? read->head : read->last;
  } while (!is_caught_up(member));
}

// Whether the member has all that its room has; then the room's frames are for it, too.
bool LiveHub::is_caught_up(const Member& member) {
  const auto workspace = member->actor.workspace;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = rooms_.find(workspace);
    if (is_stopped_ || found == rooms_.end() || !member->socket->is_open()) return true;
    auto& room = found->second;
    if (room.seq < 0) room.seq = member->seq;
    if (member->seq < room.seq) return false;
    member->is_live = true;
  }
  woken(workspace);  // something may have come between our reading and now
  return true;
}

void LiveHub::woken(WorkspaceId workspace) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = rooms_.find(workspace);
    if (found == rooms_.end() || is_stopped_) return;
    found->second.has_news = true;
    if (found->second.is_pumping) return;
    found->second.is_pumping = true;
  }
  if (run(workspace, [this, workspace] { pump(workspace); })) return;
  const std::scoped_lock lock(mutex_);
  const auto found = rooms_.find(workspace);
  if (found != rooms_.end()) found->second.is_pumping = false;  // the next commit tries again
}

void LiveHub::look_again() {
  std::vector<WorkspaceId> watched;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [workspace, room] : rooms_) watched.push_back(workspace);
  }
  for (const auto& workspace : watched) woken(workspace);
}

void LiveHub::pump(WorkspaceId workspace) {
  while (true) {
    std::int64_t from = -1;
    {
      const std::scoped_lock lock(mutex_);
      const auto found = rooms_.find(workspace);
      if (found == rooms_.end()) return;
      if (!found->second.has_news) {
        found->second.is_pumping = false;
        return drop_if_empty(workspace);
      }
      found->second.has_news = false;
      from = found->second.seq;
    }
    answer_waiters(workspace);
    if (from < 0) continue;  // nobody is live yet
    while (pump_once(workspace, from)) {
      const std::scoped_lock lock(mutex_);
      const auto found = rooms_.find(workspace);
      if (found == rooms_.end()) return;
      from = found->second.seq;
    }
  }
}

// One frame to all who have seen everything before it. False when there was nothing.
bool LiveHub::pump_once(WorkspaceId workspace, std::int64_t from) {
  auto read = read_batch(api_, access::system_actor(workspace), from);
  if (!read) {
    log::error("live_read_failed", read.error());
    return false;
  }
  if (!read->frame) return false;
  std::vector<Member> ready, behind;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = rooms_.find(workspace);
    if (found == rooms_.end()) return false;
    found->second.seq = read->last;
    for (const auto& member : found->second.members) {
      if (!member->is_live || member->seq >= read->last) continue;
      if (member->seq == from && !is_narrowed(member->actor)) {
        member->seq = read->last;
        ready.push_back(member);
      } else {
        member->is_live = false;  // has seen a part of this frame, or gets one of its own
        behind.push_back(member);
      }
    }
  }
  for (const auto& member : ready) member->socket->send(read->frame);
  if (read->has_suspension) {  // who may not stay has been told why by the frame
    api_.standing.forget(workspace);
    check_credentials();
  }
  for (const auto& member : behind) {
    if (!run(workspace, [this, member] { catch_up(member, false); }))
      member->socket->close(net::close_code::try_again_later, "too busy");
  }
  return true;
}

bool LiveHub::wait(const Waiter& waiter, std::int64_t wait_ms) {
  {
    const std::scoped_lock lock(mutex_);
    if (is_stopped_ || waiters_ >= waiters_max) return false;
    ++waiters_;
    std::weak_ptr<LiveHub> weak = weak_from_this();
    // Before others see the waiter: whoever answers it cancels the timer.
    waiter->timer = api_.parts.loop.run_after(wait_ms, [weak, waiter] {
      if (const auto hub = weak.lock()) hub->end_waiter(waiter);
    });
    rooms_[waiter->workspace].waiters.push_back(waiter);
  }
  woken(waiter->workspace);  // what came between its reading and now
  return true;
}

void LiveHub::end_waiter(const Waiter& waiter) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = rooms_.find(waiter->workspace);
    if (found == rooms_.end()) return;  // stopped: answered there
    if (std::erase(found->second.waiters, waiter) == 0) {
      waiter->is_late = true;  // it is being looked at now, and will not be put back
      return;
    }
    --waiters_;
    drop_if_empty(waiter->workspace);
  }
  if (!run(waiter->workspace, [waiter] { waiter->answer(true); })) waiter->answer(true);
}

void LiveHub::answer_waiters(WorkspaceId workspace) {
  std::vector<Waiter> waiters;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = rooms_.find(workspace);
    if (found != rooms_.end()) waiters.swap(found->second.waiters);
  }
  std::vector<Waiter> answered;
  std::vector<Waiter> still;
  for (const auto& waiter : waiters) (waiter->answer(false) ? answered : still).push_back(waiter);
  for (const auto& waiter : answered) waiter->timer.cancel();
  std::vector<Waiter> late;
  {
    const std::scoped_lock lock(mutex_);
    auto& room = rooms_[workspace];
    for (const auto& waiter : still) (waiter->is_late ? late : room.waiters).push_back(waiter);
    waiters_ -= answered.size() + late.size();
  }
  for (const auto& waiter : late) waiter->answer(true);
}

}  // namespace answerable::http
