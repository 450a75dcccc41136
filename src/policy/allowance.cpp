#include "policy/allowance.h"

#include <algorithm>
#include <vector>

#include "policy/agreement.h"
#include "policy/statement.h"
#include "policy/violation.h"

namespace answerable::policy {
namespace {

std::optional<std::int64_t> number_of(const std::vector<AppliedRule>& rules, std::string_view name) {
  const auto found = std::ranges::find(rules, name, &AppliedRule::name);
  if (found == rules.end() || found->number(0) < 1) return std::nullopt;
  return found->number(0);
}

}  // namespace

Result<Allowance> find_allowance(store::Session& session, WorkspaceId workspace) {
  TRY(const auto rules, rules_for(session, workspace, load_clause));
  TRY(const auto agreement, find_agreement(session, workspace));
  Allowance allowance{.connections = agreement ? agreement->entitlements.connections : std::nullopt,
                      .read = number_of(rules, read_rule),
                      .write = number_of(rules, write_rule),
                      .search = number_of(rules, search_rule),
                      .upload = number_of(rules, upload_rule),
                      .exports = number_of(rules, export_rule),
                      .programs = {},
                      .people = {}};
  TRY(allowance.programs, find_limitation(session, workspace, Scope::api));
  TRY(allowance.people, find_limitation(session, workspace, Scope::sign_in));
  return allowance;
}

Result<std::optional<Limitation>> find_limitation(store::Session& session, WorkspaceId workspace, Scope scope) {
  TRY(const auto standing, standing_limits(session, workspace));
  std::optional<Limitation> strictest;
  for (const auto& measure : standing) {
    if (measure.scope != scope && measure.scope != Scope::everything) continue;
    TRY(const auto rule, rule_for(session, workspace, measure.clause, limited_rule));
    const auto quota = std::max<std::int64_t>(1, rule.number(limited_per_minute_otherwise));
    if (strictest && strictest->rate.quota <= quota) continue;
    strictest = Limitation{.scope = measure.scope, .rate = {.quota = quota}, .reason = short_reason(measure)};
  }
  return strictest;
}

Status judge_rate(store::Transaction& tx, WorkspaceId workspace, Scope scope) {
  TRY(const auto limitation, find_limitation(tx, workspace, scope));
  if (!limitation) return {};
  // base/gcra.h in one statement, so that two at once at the bound do not both pass; a refusal undoes it.
  const auto now_ns = tx.now().ms * 1'000'000, interval_ns = limitation->rate.interval_ns();
  TRY(const auto due_ns,
      tx.find("insert into limited_rates (workspace_id, scope, due_ns) values ($1, $2, $3) "
              "on conflict (workspace_id, scope) do update set "
              "due_ns = case when limited_rates.due_ns > $4 then limited_rates.due_ns else $4 end + $5 "
              "returning due_ns",
              {workspace, to_string(scope), now_ns + interval_ns, now_ns, interval_ns},
              [](const store::Row& row) { return row.integer(0); }));
  if (due_ns.value_or(0) <= now_ns + limitation->rate.window_ns()) return {};
  return fail(ErrorKind::limited, "limited_by_policy", limitation->reason);
}

}  // namespace answerable::policy
