#include "app/traffic_watch.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "conversations/message.h"
#include "policy/allowance.h"
#include "policy/sentences.h"
#include "policy/statement.h"
#include "policy/violation.h"

namespace answerable::app {

namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t save_every_minutes = 15;
constexpr std::int64_t kept_minutes = 60;  // of counts that the saved baselines have seen
constexpr std::size_t saved_at_once = 50;
struct Place {
  ChannelId channel;
  conversations::Direction direction = conversations::Direction::note;
};

Result<std::optional<Place>> find_place(store::Session& session, WorkspaceId workspace, MessageId message) {
  return session.find(
      "select c.channel_id, m.direction from messages m join conversations c on c.workspace_id = m.workspace_id and "
      "c.id = m.conversation_id where m.workspace_id = $1 and m.id = $2",
      {workspace, message}, [](const store::Row& row) {
        return Place{.channel = row.id<ChannelId>(0),
                     .direction = static_cast<conversations::Direction>(row.integer(1))};
      });
}

}  // namespace

void TrafficWatch::start(cluster::Fanout& fanout, Metrics& metrics) {
  using Events = cluster::LogReaderOptions::Events;
  cluster::LogReaderOptions options{
      .name = "traffic",
      .batch_max = 1'000,
      .handle = [this](store::Transaction& tx, WorkspaceId, Events) -> Status {
        for (const auto& [where, messages] : counted_)
          TRY_STATUS(policy::count_traffic(tx, {.key = where.first, .minute = where.second, .messages = messages}));
        return {};
      },
      .prepare = [this](store::Session& session, WorkspaceId workspace,
                        Events events) { return prepare(session, workspace, events); },
      .gather_ms = 1'000};
  counter_ = std::make_unique<cluster::LogReader>(std::move(options), database_, fanout, metrics);
}

void TrafficWatch::stop() {
  if (!counter_) return;
  counter_.reset();
  if (auto status = save(); !status) log::error("baselines_not_saved", status.error());
}

// What the server writes by itself (acknowledgements) answers what arrives, and would double each spike of that.
Status TrafficWatch::prepare(store::Session& session, WorkspaceId workspace, cluster::LogReaderOptions::Events events) {
  counted_.clear();
  for (const auto& event : events) {
    if (event.kind != "message_added" || !event.message || event.actor_kind == "system") continue;
    TRY(const auto place, find_place(session, workspace, *event.message));
    if (!place || place->direction == conversations::Direction::note) continue;
    const bool is_inbound = place->direction == conversations::Direction::inbound;
    const policy::TrafficKey key{.workspace = workspace,
                                 .channel = place->channel,
                                 .way = is_inbound ? policy::Way::inbound : policy::Way::outbound};
    ++counted_[{key, event.at.ms / minute_ms}];
  }
  return {};
}

Status TrafficWatch::load() {
  TRY(const auto saved, database_.query([](store::Session& session) { return policy::saved_baselines(session); }));
  for (const auto& one : saved) {
    auto detector = policy::SpikeDetector::load(one.state);
    if (!detector) {
      log::warning("baseline_unreadable", {{"detail", detector.error().detail}});
      continue;
    }
    looked_until_ = std::max(looked_until_, detector->last_minute());
    const bool is_told = detector->is_spiking();
    watched_.emplace(one.key, Watched{.detector = *std::move(detector), .is_told = is_told});
  }
  TRY(const auto standing,
      database_.query([](store::Session& session) { return policy::standing_of(session, policy::traffic_control); }));
  for (auto& [key, one] : watched_) {
    const auto id = key.channel.text();
    const bool is_out = key.way == policy::Way::outbound;
    one.is_reported = is_out && std::ranges::count(standing, id, &policy::StandingMeasure::object_id) > 0;
  }
  return {};
}

TrafficWatch::Watched* TrafficWatch::find(const policy::TrafficKey& key) {
  const auto found = watched_.find(key);
  if (found != watched_.end()) return &found->second;
  if (watched_.size() >= watched_max) return nullptr;
  return &watched_.emplace(key, Watched{}).first->second;
}

Status TrafficWatch::watch() {
  const auto last = (clock_.now().ms - settled_after_ms) / minute_ms - 1;
  if (saved_at_ < 0) {
    TRY_STATUS(load());
    if (looked_until_ < 0) looked_until_ = last - 1;
    saved_at_ = last;
  }
  const auto first = std::max(looked_until_ + 1, last - caught_up_minutes_max + 1);
  if (first > last) return {};
  TRY_STATUS(look_at(first, last));
  looked_until_ = last;
  for (auto& [key, one] : watched_) TRY_STATUS(judge(key, one));
  TRY_STATUS(end_measures());
  return last - saved_at_ >= save_every_minutes ? save() : Status();
}

// A minute that is long over and in which nothing was counted was one without a server.
Status TrafficWatch::look_at(std::int64_t first, std::int64_t last) {
  TRY(const auto counts,
      database_.query([&](store::Session& session) { return policy::traffic_between(session, first, last); }));
  auto next = counts.begin();
  for (auto minute = first; minute <= last; ++minute) {
    const auto end = std::find_if(next, counts.end(), [&](const auto& one) { return one.minute != minute; });
    if (next == end && minute < last) continue;
    std::map<policy::TrafficKey, std::int64_t> here;
    for (; next != end; ++next) {
      if (find(next->key) != nullptr) here[next->key] = next->messages;
    }
    for (auto& [key, one] : watched_) {
      const auto found = here.find(key);
      (void)one.detector.observe({minute * minute_ms}, found == here.end() ? 0 : found->second);
    }
  }
  return {};
}

Status TrafficWatch::judge(const policy::TrafficKey& key, Watched& watched) {
  if (!watched.detector.is_spiking()) {
    watched.is_told = watched.is_reported = false;
    return {};
  }
  const auto facts = policy::facts_of(key, watched.detector.last());
  if (key.way == policy::Way::outbound && !watched.is_reported) TRY_STATUS(report(key, watched, facts));
  if (watched.is_told || watched.is_reported) return {};
  log::warning("unusual_traffic", {{"workspace", key.workspace.text()}, {"channel", key.channel.text()}});
  TRY_STATUS(database_.write([&](store::Transaction& tx) {
    return policy::send_notice(tx, key.workspace,
                               {.subject = policy::sentences::traffic_subject,
                                .text = {policy::sentences::traffic_text, {policy::Saying::recorded(facts)}}});
  }));
  watched.is_told = true;
  return {};
}

Status TrafficWatch::report(const policy::TrafficKey& key, Watched& watched, const std::string& facts) {
  TRY(const auto confirmed, database_.query([&](store::Session& session) -> Result<std::string> {
    TRY(const auto signal, find_signal_(session, key.workspace));
    TRY(const auto rules, policy::traffic_rules(session, key.workspace));
    return policy::confirmation(signal, rules);
  }));
  if (confirmed.empty()) return {};
  const auto reported = database_.write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(policy::report_violation(tx, access::system_actor(key.workspace),
                                        {.workspace = key.workspace,
                                         .clause = std::string(policy::load_clause),
                                         .control = std::string(policy::traffic_control),
                                         .object_kind = "channel",
                                         .object_id = key.channel.text(),
                                         .facts = facts + " " + confirmed}));
    return {};
  });
  // A policy without the clause has no measure for it.
  if (!reported && reported.error().code != "bad_violation") return reported;
  watched.is_reported = reported.has_value();
  return {};
}

// Also of what a former run has reported, and of channels that nobody watches any more.
Status TrafficWatch::end_measures() {
  TRY(const auto standing,
      database_.query([](store::Session& session) { return policy::standing_of(session, policy::traffic_control); }));
  std::set<std::string> spiking;
  for (const auto& [key, one] : watched_) {
    if (key.way == policy::Way::outbound && one.detector.is_spiking()) spiking.insert(key.channel.text());
  }
  for (const auto& measure : standing) {
    if (spiking.contains(measure.object_id)) continue;
    TRY_STATUS(database_.write([&](store::Transaction& tx) {
      return policy::end_measure(tx, access::system_actor(measure.workspace), measure.workspace, measure.id, "cured");
    }));
  }
  return {};
}

Status TrafficWatch::save() {
  if (saved_at_ < 0) return {};
  auto next = watched_.begin();
  while (next != watched_.end()) {
    std::vector<policy::SavedBaseline> batch;
    for (; next != watched_.end() && batch.size() < saved_at_once; ++next)
      batch.push_back({.key = next->first, .state = next->second.detector.save()});
    TRY_STATUS(database_.write([&](store::Transaction& tx) -> Status {
      for (const auto& one : batch) TRY_STATUS(policy::save_baseline(tx, one));
      return {};
    }));
  }
  TRY_STATUS(database_.write(
      [&](store::Transaction& tx) { return policy::forget_traffic(tx, looked_until_ - kept_minutes); }));
  saved_at_ = looked_until_;
  return {};
}

Result<policy::SecondSignal> find_second_signal(store::Session& session, WorkspaceId workspace) {
  policy::SecondSignal signal;
  TRY(signal.overdue, session.number("select count(*) from deliveries where workspace_id = $1 and state = 0 "
                                     "and next_attempt_at <= $2",
                                     {workspace, session.now() - minute_ms}));
  const auto since = session.now() - 10 * minute_ms;
  TRY(signal.settled, session.number("select count(*) from deliveries where workspace_id = $1 and state >= 10 "
                                     "and state <= 14 and settled_at > $2",
                                     {workspace, since}));
  TRY(signal.failed, session.number("select count(*) from deliveries where workspace_id = $1 and (state = 12 or "
                                    "state = 14) and settled_at > $2",
                                    {workspace, since}));
  return signal;
}

}  // namespace answerable::app
