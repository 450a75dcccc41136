#include "policy/clean.h"

#include "policy/payment.h"
#include "policy/traffic.h"

namespace answerable::policy {
namespace {

constexpr std::int64_t minute_ms = 60'000;

Result<bool> is_kept(store::Session& session, const KeptClause& one) {
  TRY(const auto open,
      session.number(
          "select count(*) from policy_findings where workspace_id = $1 and clause = $2 and is_violation = 1 "
          "and closed_at is null",
          {one.workspace, one.clause}));
  if (open > 0) return false;
  TRY(const auto rule, rule_for(session, one.workspace, one.clause, clean_rule));
  TRY(const auto last, session.number("select max(taken_at) from policy_measures where workspace_id = $1 and clause = "
                                      "$2 and ended_as <> 'dismissed'",
                                      {one.workspace, one.clause}));
  return last + rule.number(clean_minutes_otherwise) * minute_ms <= session.now().ms;
}

}  // namespace

Result<std::vector<KeptClause>> kept_clauses(store::Session& session) {
  TRY(const auto standing,
      session.all("select workspace_id, id, clause, object_kind, object_id, cause, is_automated from policy_measures "
                  "where ended_as = '' and control not in ($1, $2) and (kind = 'limit' or (kind = "
                  "'hold' and object_kind = '') or (kind = 'suspend' and cause in ('policy_breach', 'unlawful_use', "
                  "'unusual_traffic', 'payment_default'))) "
                  "order by taken_at, id",
                  {traffic_control, payment_control}, [](const store::Row& row) {
                    return KeptClause{.workspace = row.id<WorkspaceId>(0),
                                      .measure = row.id<MeasureId>(1),
                                      .clause = row.string(2),
                                      .object_kind = row.string(3),
                                      .object_id = row.string(4),
                                      .must_be_taken_down = row.text(5) == "unlawful_use" && !row.flag(6)};
                  }));
  std::vector<KeptClause> kept;
  for (const auto& one : standing) {
    TRY(const bool is_over, is_kept(session, one));
    if (is_over) kept.push_back(one);
  }
  return kept;
}

Result<bool> has_been_stopped_for(store::Session& session, WorkspaceId workspace, MessageId message) {
  TRY(const auto measures,
      session.number("select count(*) from policy_measures where workspace_id = $1 and object_kind = 'message' "
                     "and object_id = $2 and ended_as <> 'dismissed' and (kind in ('limit', 'suspend') or "
                     "(cause = 'unlawful_use' and is_automated = 0))",
                     {workspace, message.text()}));
  return measures > 0;
}

}  // namespace answerable::policy
