#include "intake/completeness.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "store/sums.h"

namespace answerable::intake {

namespace {

SourceCheck from_row(const store::Row& row) {
  SourceCheck check;
  check.source = row.string(0);
  check.checked_at = row.time(1);
  check.validity = row.integer(2);
  check.next_uid = row.integer(3);
  check.at_source = row.integer(4);
  check.stored = row.integer(5);
  check.withheld = row.integer(6);
  check.noticed = row.integer(7);
  check.waiting = row.integer(8);
  check.missing = row.integer(9);
  check.gone = row.integer(10);
  check.missing_names = row.string(11);
  return check;
}

// Names a row of counts of a channel within a commit group.
std::string row_of(std::string_view table, WorkspaceId workspace, ChannelId channel,
                   std::initializer_list<std::int64_t> numbers, std::string_view way = {}) {
  std::string row(table);
  row.append(workspace.bytes()).append(channel.bytes());
  for (const auto number : numbers) row.append(reinterpret_cast<const char*>(&number), sizeof number);
  return row.append(way);
}

}  // namespace

Status record_check(store::Transaction& tx, WorkspaceId workspace, ChannelId channel, const SourceCheck& check) {
  TRY_STATUS(tx.execute(
      "insert into source_checks (workspace_id, channel_id, source, day, checked_at, validity, next_uid, at_source, "
      "stored, withheld, noticed, waiting, missing, gone, missing_names) values ($1, $2, $3, $4, $5, $6, $7, "
      "$8, $9, $10, $11, $12, $13, $14, $15) on conflict (workspace_id, channel_id, source, day) do update set "
      "checked_at = excluded.checked_at, validity = excluded.validity, next_uid = excluded.next_uid, at_source = "
      "excluded.at_source, stored = excluded.stored, withheld = excluded.withheld, noticed = excluded.noticed, waiting "
      "= excluded.waiting, missing = excluded.missing, gone = excluded.gone, missing_names = excluded.missing_names",
      {workspace, channel, check.source, day_of(check.checked_at), check.checked_at, check.validity, check.next_uid,
       check.at_source, check.stored, check.withheld, check.noticed, check.waiting, check.missing, check.gone,
       check.missing_names}));
  return {};
}

Result<std::vector<SourceCheck>> latest_checks(store::Session& session, WorkspaceId workspace, ChannelId channel) {
  return session.all(
      "select source, checked_at, validity, next_uid, at_source, stored, withheld, noticed, waiting, missing, gone, "
      "missing_names from source_checks c where workspace_id = $1 and channel_id = $2 and day = (select "
      "max(day) from source_checks d where d.workspace_id = c.workspace_id and d.channel_id = c.channel_id and "
      "d.source = c.source) order by source",
      {workspace, channel}, from_row);
}

std::string_view way_of(const Arrival& arrival) {
  if (arrival.channel_kind != "email") return arrival.channel_kind;
  if (arrival.peer == "imap") return "imap";
  return arrival.peer == "pop3" ? "pop3" : "lmtp";
}

void count_arrival(const Arrival& arrival, bool is_new) {
  const auto day = day_of(arrival.received_at);
  const auto way = way_of(arrival);
  store::add_up(
      row_of("channel_days", arrival.workspace, arrival.channel, {day}, way), {is_new, !is_new},
      [workspace = arrival.workspace, channel = arrival.channel, day, way = std::string(way)](
          store::Transaction& last, const store::Amounts& amounts) -> Status {
        TRY_STATUS(last.execute(
            "insert into channel_days (workspace_id, channel_id, day, way, stored, repeated, told, refused) "
            "values ($1, $2, $3, $4, $5, $6, 0, 0) on conflict (workspace_id, channel_id, day, way) do update set "
            "stored = channel_days.stored + excluded.stored, repeated = channel_days.repeated + "
            "excluded.repeated",
            {workspace, channel, day, way, amounts[0], amounts[1]}));
        return {};
      });
}

Status count_told(store::Transaction& tx, WorkspaceId workspace, ChannelId channel, const DayCount& more) {
  TRY_STATUS(tx.execute(
      "insert into channel_days (workspace_id, channel_id, day, way, stored, repeated, told, refused) values ($1, $2, "
      "$3, $4, 0, 0, $5, $6) on conflict (workspace_id, channel_id, day, way) do update set told = channel_days.told + "
      "excluded.told, refused = channel_days.refused + excluded.refused",
      {workspace, channel, more.day, more.way, more.told, more.refused}));
  return {};
}

Result<std::vector<DayCount>> day_counts(store::Session& session, WorkspaceId workspace, ChannelId channel,
                                         std::int64_t first) {
  return session.all(
      "select day, way, stored, repeated, told, refused from channel_days where workspace_id = $1 and "
      "channel_id = $2 and day >= $3 order by day desc, way",
      {workspace, channel, first}, [](const store::Row& row) {
        return DayCount{row.integer(0), row.string(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5)};
      });
}

void count_outcome(WorkspaceId workspace, ChannelId channel, const Outcome& outcome) {
  auto is = [&](Disposition one) { return std::int64_t{outcome.disposition == one ? 1 : 0}; };
  store::add_up(row_of("channel_counters", workspace, channel, {}),
                {is(Disposition::appended), is(Disposition::duplicate), is(Disposition::bounce_recorded),
                 is(Disposition::loop_stopped), is(Disposition::quarantined), is(Disposition::held)},
                [=, received_at = outcome.received_at, lag_ms = outcome.lag_ms](
                    store::Transaction& last, const store::Amounts& amounts) -> Status {
                  TRY_STATUS(last.execute(
                      "update channel_counters set appended = appended + $3, duplicates = duplicates + $4, bounces = "
                      "bounces + $5, loops = loops + $6, quarantined = quarantined + $7, held = held + $8, "
                      "last_received_at = $9, last_lag_ms = $10 where workspace_id = $1 and channel_id = $2",
                      {workspace, channel, amounts[0], amounts[1], amounts[2], amounts[3], amounts[4], amounts[5],
                       received_at, lag_ms}));
                  return {};
                });
}

void count_delay(WorkspaceId workspace, ChannelId channel, const Delay& delay) {
  const auto bucket =
      static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(0, delay.ms))));
  const auto day = day_of(delay.at);
  const std::int64_t kind = std::to_underlying(delay.stage);
  store::add_up(
      row_of("channel_delays", workspace, channel, {day, kind, bucket}), {1},
      [=](store::Transaction& last, const store::Amounts& amounts) -> Status {
        TRY_STATUS(last.execute(
            "insert into channel_delays (workspace_id, channel_id, day, stage, bucket, arrivals) values ($1, $2, "
            "$3, $4, $5, $6) on conflict (workspace_id, channel_id, day, stage, bucket) do update set arrivals = "
            "channel_delays.arrivals + excluded.arrivals",
            {workspace, channel, day, kind, bucket, amounts[0]}));
        return {};
      });
}

Result<Delays> delays(store::Session& session, WorkspaceId workspace, ChannelId channel, Stage stage,
                      std::int64_t first_day) {
  TRY(const auto buckets,
      session.all("select bucket, sum(arrivals) from channel_delays where workspace_id = $1 and channel_id = $2 and "
                  "stage = $3 and day >= $4 group by bucket order by bucket",
                  {workspace, channel, std::int64_t{std::to_underlying(stage)}, first_day},
                  [](const store::Row& row) { return std::pair(row.integer(0), row.integer(1)); }));
  Delays found;
  for (const auto& [bucket, arrivals] : buckets) found.count += arrivals;
  auto percentile = [&, total = found.count](std::int64_t percent) {
    std::int64_t seen = 0;
    for (const auto& [bucket, arrivals] : buckets) {
      seen += arrivals;
      if (seen * 100 >= total * percent) return std::int64_t{1} << std::min<std::int64_t>(bucket, 62);
    }
    return std::int64_t{0};
  };
  found.p50_ms = percentile(50);
  found.p95_ms = percentile(95);
  found.p99_ms = percentile(99);
  return found;
}

}  // namespace answerable::intake
