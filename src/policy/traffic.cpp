#include "policy/traffic.h"

#include <algorithm>
#include <cmath>

#include "policy/agreement.h"
#include "policy/allowance.h"

namespace answerable::policy {
namespace {

std::string_view to_string(Way way) { return way == Way::inbound ? "in" : "out"; }

TrafficKey read_key(const store::Row& row) {
  return {.workspace = row.id<WorkspaceId>(0),
          .channel = row.id<ChannelId>(1),
          .way = row.text(2) == "in" ? Way::inbound : Way::outbound};
}

std::string rounded(double value) { return std::to_string(std::llround(value)); }

}  // namespace

Status count_traffic(store::Transaction& tx, const TrafficCount& count) {
  TRY_STATUS(tx.execute(
      "insert into traffic_minutes (workspace_id, channel_id, way, minute, messages) values ($1, $2, $3, $4, $5) "
      "on conflict (workspace_id, channel_id, way, minute) do update set "
      "messages = traffic_minutes.messages + excluded.messages",
      {count.key.workspace, count.key.channel, to_string(count.key.way), count.minute, count.messages}));
  return {};
}

Result<std::vector<TrafficCount>> traffic_between(store::Session& session, std::int64_t first, std::int64_t last) {
  return session.all(
      "select workspace_id, channel_id, way, minute, messages from traffic_minutes where minute >= $1 and minute <= $2 "
      "order by minute",
      {first, last}, [](const store::Row& row) {
        return TrafficCount{.key = read_key(row), .minute = row.integer(3), .messages = row.integer(4)};
      });
}

Status forget_traffic(store::Transaction& tx, std::int64_t before_minute) {
  TRY_STATUS(tx.execute("delete from traffic_minutes where minute < $1", {before_minute}));
  return {};
}

Status save_baseline(store::Transaction& tx, const SavedBaseline& baseline) {
  TRY_STATUS(
      tx.execute("insert into traffic_baselines (workspace_id, channel_id, way, state) values ($1, $2, $3, $4) "
                 "on conflict (workspace_id, channel_id, way) do update set state = excluded.state",
                 {baseline.key.workspace, baseline.key.channel, to_string(baseline.key.way), baseline.state}));
  return {};
}

Result<std::vector<SavedBaseline>> saved_baselines(store::Session& session) {
  return session.all("select workspace_id, channel_id, way, state from traffic_baselines", {},
                     [](const store::Row& row) { return SavedBaseline{.key = read_key(row), .state = row.string(3)}; });
}

Result<TrafficRules> traffic_rules(store::Session& session, WorkspaceId workspace) {
  TRY(const auto rules, rules_for(session, workspace, load_clause));
  TrafficRules read;
  for (const auto& rule : rules) {
    if (rule.name == "spike_overdue") read.overdue = rule.number(read.overdue);
    if (rule.name == "spike_failed_percent") read.failed_percent = rule.number(read.failed_percent);
    if (rule.name == "spike_settled") read.settled_at_least = rule.number(read.settled_at_least);
  }
  return read;
}

std::string confirmation(const SecondSignal& signal, const TrafficRules& rules) {
  if (signal.overdue >= rules.overdue)
    return std::to_string(signal.overdue) + " messages of the workspace wait that should have left a minute ago.";
  if (signal.settled >= rules.settled_at_least && signal.failed * 100 >= signal.settled * rules.failed_percent)
    return "Of " + std::to_string(signal.settled) + " messages within ten minutes " + std::to_string(signal.failed) +
           " could not be delivered.";
  return "";
}

std::string facts_of(const TrafficKey& key, const Spike& spike) {
  const std::string what = key.way == Way::inbound ? "messages arrived" : "messages were written";
  if (spike.by_cap)
    return "Channel " + key.channel.text() + ": " + rounded(spike.evidence) + " " + what +
           " within ten minutes; more than a channel without a baseline, or with little traffic, may have.";
  return "Channel " + key.channel.text() + ": " + rounded(spike.observed) + " " + what +
         " within the last minute, where about " + rounded(std::max(1.0, spike.usual)) +
         " are usual at this time of the week.";
}

}  // namespace answerable::policy
