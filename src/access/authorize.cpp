#include "access/authorize.h"

#include <array>

#include "access/composed_role.h"

namespace answerable::access {
namespace {

constexpr auto agent = Role::agent;
constexpr auto supervisor = Role::supervisor;
constexpr auto administrator = Role::administrator;
constexpr auto only_operator = Role::operator_;
constexpr auto any = Relation::workspace;
constexpr auto own = Relation::own;
constexpr bool reads = false;
constexpr bool writes = true;
constexpr bool also_operator = true;
constexpr bool not_operator = false;
constexpr bool steps_up = true;

// The table. A pair may stand twice: once for whose thing it is, once for a higher role. What is missing is denied.
constexpr std::array table{
    Rule{"session", "read", agent, own, reads, also_operator},
    Rule{"session", "end", agent, own, writes, also_operator},
    Rule{"user", "read_sessions", administrator, any, reads},
    Rule{"user", "end_sessions", administrator, any, writes},
    Rule{"me", "report_exposed", agent, own, writes, also_operator},
    Rule{"user", "report_exposed", administrator, any, writes},
    Rule{"incident", "read", administrator, any, reads, also_operator},
    Rule{"incident", "update", administrator, any, writes, also_operator},
    Rule{"incident", "export", administrator, any, reads, also_operator},
    Rule{"incident_rule", "read", administrator, any, reads, also_operator},
    Rule{"incident_rule", "update", administrator, any, writes, also_operator, steps_up},
    Rule{"session", "confirm", agent, own, writes, also_operator},
    Rule{"me", "read_second_factor", agent, own, reads, also_operator},
    Rule{"me", "second_factor", agent, own, writes, also_operator, steps_up},
    Rule{"second_factor_rule", "read", administrator, any, reads},
    Rule{"second_factor_rule", "update", administrator, any, writes, not_operator, steps_up},
    Rule{"single_sign_on", "read", administrator, any, reads},
    Rule{"single_sign_on", "update", administrator, any, writes, not_operator, steps_up},
    Rule{"scim", "read", administrator, any, reads},
    Rule{"scim", "update", administrator, any, writes, not_operator, steps_up},
    Rule{"scim", "end", administrator, any, writes},
    Rule{"me", "update", agent, own, writes, also_operator},
    Rule{"me", "change_password", agent, own, writes, also_operator},
    Rule{"setup", "read", administrator, any, reads, also_operator},
    Rule{"workspace", "list", only_operator, any, reads, also_operator},
    Rule{"workspace", "create", only_operator, any, writes, also_operator, steps_up},
    Rule{"metrics", "read", agent, any, reads, also_operator},

    Rule{"user", "list", agent, any, reads},
    Rule{"user", "report", agent, any, writes},
    Rule{"user", "create", administrator, any, writes, not_operator, steps_up},
    Rule{"user", "update", administrator, any, writes, not_operator, steps_up},
    Rule{"user", "reset_password", administrator, any, writes, not_operator, steps_up},
    Rule{"user", "reset_second_factor", administrator, any, writes, not_operator, steps_up},
    Rule{"read_log", "read", administrator, any, reads},
    Rule{"read_rule", "read", administrator, any, reads},
    Rule{"read_rule", "update", administrator, any, writes, not_operator, steps_up},
    Rule{"role", "list", administrator, any, reads},
    Rule{"role", "compose", administrator, any, writes, not_operator, steps_up},
    Rule{"api_key", "list", administrator, any, reads},
    Rule{"api_key", "create", administrator, any, writes, not_operator, steps_up},
    Rule{"api_key", "revoke", administrator, any, writes},
    Rule{"application", "list", administrator, any, reads},
    Rule{"application", "register", administrator, any, writes, not_operator, steps_up},
    Rule{"application", "end", administrator, any, writes},

    Rule{"conversation", "list", agent, any, reads},
    Rule{"conversation", "read", agent, any, reads},
    Rule{"conversation", "export", supervisor, any, reads},
    Rule{"conversation", "create", agent, any, writes},
    Rule{"conversation", "reply", agent, any, writes},
    Rule{"conversation", "note", agent, any, writes},
    Rule{"conversation", "assign", agent, any, writes},
    Rule{"conversation", "take", agent, any, writes},
    Rule{"conversation", "set_status", agent, any, writes},
    Rule{"conversation", "rename", agent, any, writes},
    Rule{"conversation", "mark_read", agent, any, writes},
    Rule{"conversation", "tag", agent, any, writes},
    Rule{"conversation", "signal", agent, any, writes},
    Rule{"conversation", "join", agent, any, writes},
    Rule{"conversation", "report", agent, any, writes},
    Rule{"draft", "save", agent, own, writes},
    Rule{"message", "undo", agent, own, writes},
    Rule{"message", "retry", agent, own, writes},
    Rule{"message", "forward", agent, any, writes},
    Rule{"message", "fold", agent, any, writes},
    Rule{"message", "report", agent, any, writes},
    Rule{"message", "retry", supervisor, any, writes},
    Rule{"message", "take_down", administrator, any, writes},
    Rule{"tag", "list", agent, any, reads},
    Rule{"contact", "list", agent, any, reads},
    Rule{"contact", "read", agent, any, reads},
    Rule{"contact", "update", agent, any, writes},
    Rule{"search", "read", agent, any, reads},
    Rule{"search", "export", supervisor, any, reads},
    Rule{"event", "read", agent, any, reads},
    Rule{"attachment", "upload", agent, any, writes},
    Rule{"attachment", "read", agent, any, reads},

    Rule{"channel", "list", agent, any, reads},
    Rule{"channel", "report", agent, any, writes},
    Rule{"channel", "create", administrator, any, writes, not_operator, steps_up},
    Rule{"channel", "update", administrator, any, writes, not_operator, steps_up},
    Rule{"channel", "authorise", administrator, any, writes},
    Rule{"channel", "test", administrator, any, writes},
    Rule{"channel", "disable", administrator, any, writes, not_operator, steps_up},
    Rule{"channel", "completeness", administrator, any, reads},
    Rule{"channel", "dkim", administrator, any, reads},
    Rule{"channel", "reconcile", administrator, any, writes},
    Rule{"delivery", "list", administrator, any, reads},
    Rule{"delivery", "retry", administrator, any, writes},
    Rule{"delivery", "resolve", administrator, any, writes},
    Rule{"quarantine", "list", administrator, any, reads},
    Rule{"quarantine", "read", administrator, any, reads},
    Rule{"quarantine", "replay", administrator, any, writes},
    Rule{"malware_scanner", "read", agent, any, reads},
    Rule{"quarantine", "release", administrator, any, writes, not_operator, steps_up},
    Rule{"content_rule", "list", administrator, any, reads},
    Rule{"content_rule", "change", administrator, any, writes},
    Rule{"review", "list", supervisor, any, reads},
    Rule{"review", "decide", supervisor, any, writes},
    Rule{"ledger", "read", administrator, any, reads},
    Rule{"ledger", "verify", administrator, any, reads},
    Rule{"ledger", "export", administrator, any, reads, not_operator, steps_up},
    Rule{"policy", "read", agent, any, reads},
    Rule{"policy", "accept", administrator, any, writes, not_operator, steps_up},
    Rule{"policy", "agreement", administrator, any, reads},
    Rule{"policy", "measures", administrator, any, reads},
    Rule{"policy", "appeal", administrator, any, writes},
    Rule{"policy", "suspend", administrator, any, writes, also_operator, steps_up},
    Rule{"policy", "lift", administrator, any, writes, also_operator, steps_up},
    Rule{"oversight", "read", only_operator, any, reads, also_operator},
    Rule{"oversight", "publish", only_operator, any, writes, also_operator, steps_up},
    Rule{"oversight", "agree", only_operator, any, writes, also_operator, steps_up},
    Rule{"oversight", "suspend", only_operator, any, writes, also_operator, steps_up},
    Rule{"oversight", "bill", only_operator, any, writes, also_operator},
    Rule{"oversight", "decide", only_operator, any, writes, also_operator, steps_up},
};

bool grants(std::size_t index, const Actor& actor, bool is_own) {
  const auto& rule = table[index];
  if (actor.kind == Actor::Kind::system) return true;
  if (rule.relation == Relation::own && !is_own) return false;
  // An own thing belongs to a person: a program has no session, password or draft, but it has written its messages.
  if (actor.composed) return is_everybodys(rule) || actor.composed->permissions[index];
  if (actor.role == Role::operator_) return rule.is_for_operator && actor.kind == Actor::Kind::user;
  return actor.role >= rule.least;
}

}  // namespace

std::span<const Rule> rules() { return table; }

bool is_known_pair(std::string_view resource, std::string_view action) {
  for (const auto& rule : table) {
    if (rule.resource == resource && rule.action == action) return true;
  }
  return false;
}

Status authorize(const Actor& actor, std::string_view resource, std::string_view action, bool is_own) {
  // A password that somebody else has seen is no one person's.
  if (actor.must_change_password && resource != "session" && resource != "me")
    return fail(ErrorKind::denied, "password_change_required", "Choose a password of your own first.");
  if (actor.must_set_second_factor && resource != "session" && resource != "me")
    return fail(ErrorKind::denied, "second_factor_required", "Set up a second factor first: your role must have one.");
  bool is_granted_for_reading = false;
  for (std::size_t index = 0; index < table.size(); ++index) {
    const auto& rule = table[index];
    if (rule.resource != resource || rule.action != action || !grants(index, actor, is_own)) continue;
    if (rule.steps_up && !actor.is_confirmed)
      return fail(ErrorKind::denied, "step_up_required", "Show again that it is you: your password, and your code.");
    if (!rule.writes || actor.may_write) return {};
    is_granted_for_reading = true;
  }
  if (is_granted_for_reading)
    return fail(ErrorKind::denied, "read_only_key", "This API key may only read. Use a key with scope \"write\".");
  return fail(ErrorKind::denied, "not_allowed", "Your role does not allow this. Ask an administrator.");
}

}  // namespace answerable::access
