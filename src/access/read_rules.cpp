#include "access/read_rules.h"

#include "access/authorize.h"
#include "access/record.h"
#include "access/session.h"

namespace answerable::access {

Result<ReadRules> load_read_rules(store::Session& session, WorkspaceId workspace) {
  TRY(const auto found,
      session.find("select of_others, closed_days, many_per_hour, kept_days from read_rules where workspace_id = $1",
                   {workspace}, [](const store::Row& row) {
                     return ReadRules{.of_others = row.flag(0),
                                      .closed_days = row.integer(1),
                                      .many_per_hour = row.integer(2),
                                      .kept_days = row.integer(3)};
                   }));
  return found.value_or(ReadRules{});
}

Status set_read_rules(store::Transaction& tx, const Actor& by, const ReadRules& rules) {
  TRY_STATUS(authorize(by, "read_rule", "update"));
  const bool is_right = rules.closed_days >= 0 && rules.closed_days <= read_kept_days_max && rules.many_per_hour >= 0 &&
                        rules.many_per_hour <= many_per_hour_max && rules.kept_days >= read_kept_days_min &&
                        rules.kept_days <= read_kept_days_max;
  if (!is_right)
    return fail(ErrorKind::invalid, "bad_read_rules",
                "Readings are kept for 30 to 3,650 days; closed_days is at most 3,650, many_per_hour at most 1,000.");
  TRY_STATUS(run(tx,
                 "insert into read_rules (workspace_id, of_others, closed_days, many_per_hour, kept_days) "
                 "values ($1, $2, $3, $4, $5) on conflict (workspace_id) do update set of_others = excluded.of_others, "
                 "closed_days = excluded.closed_days, many_per_hour = excluded.many_per_hour, "
                 "kept_days = excluded.kept_days",
                 {by.workspace, rules.of_others, rules.closed_days, rules.many_per_hour, rules.kept_days}));
  return record(tx, {.workspace = by.workspace,
                     .actor = by.for_ledger(),
                     .action = "read_log.set_rules",
                     .object_kind = "workspace",
                     .object_id = by.workspace.text(),
                     .details = {{"of_others", rules.of_others ? "yes" : "no"},
                                 {"closed_days", std::to_string(rules.closed_days)},
                                 {"many_per_hour", std::to_string(rules.many_per_hour)},
                                 {"kept_days", std::to_string(rules.kept_days)}}});
}

std::optional<Unusual> judge_reading(const ReadRules& rules, const Actor& by, const Opened& what, std::int64_t recent,
                                     Time now) {
  if (by.kind != Actor::Kind::user || what.assignee == by.user) return std::nullopt;
  if (rules.closed_days > 0 && what.is_closed && what.last_message_at + rules.closed_days * day_ms < now)
    return Unusual::closed_long_ago;
  if (rules.of_others && !what.assignee.is_nil()) return Unusual::of_another;
  if (rules.many_per_hour > 0 && recent >= rules.many_per_hour) return Unusual::many;
  return std::nullopt;
}

}  // namespace answerable::access
