#include "policy/judge.h"

#include "policy/allowance.h"
#include "policy/suspension_row.h"

namespace answerable::policy {
namespace {

Status judge(store::Session& session, WorkspaceId workspace, Scope scope, std::string_view code) {
  TRY(auto suspension, find_suspension(session, workspace, scope));
  if (!suspension) return {};
  return fail(ErrorKind::suspended, code, suspension->reason);
}

}  // namespace

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::sending: return "sending";
    case Scope::new_conversations: return "new_conversations";
    case Scope::api: return "api";
    case Scope::sign_in: return "sign_in";
    case Scope::everything: return "everything";
  }
  return "sending";
}

std::optional<Scope> parse_scope(std::string_view text) {
  for (auto scope : {Scope::sending, Scope::new_conversations, Scope::api, Scope::sign_in, Scope::everything}) {
    if (text == to_string(scope)) return scope;
  }
  return std::nullopt;
}

Result<std::optional<Suspension>> find_suspension(store::Session& session, WorkspaceId workspace, Scope scope) {
  return session.find(
      "select id, scope, cause, reason, began_at, ends_at, imposed_by, cured_at from suspensions "
      "where workspace_id = $1 and scope in ($2, 'everything') and lifted_at is null and (ends_at is null or "
      "ends_at > $3) order by began_at, id limit 1",
      {workspace, to_string(scope), session.now()}, read_suspension);
}

Result<std::vector<Suspension>> suspensions(store::Session& session, WorkspaceId workspace) {
  return session.all(
      "select id, scope, cause, reason, began_at, ends_at, imposed_by, cured_at from suspensions "
      "where workspace_id = $1 and lifted_at is null and (ends_at is null or ends_at > $2) order by began_at, id",
      {workspace, session.now()}, read_suspension);
}

Status judge_sending(store::Session& session, WorkspaceId workspace) {
  return judge(session, workspace, Scope::sending, "sending_suspended");
}

Status judge_starting(store::Transaction& tx, WorkspaceId workspace) {
  TRY_STATUS(judge_sending(tx, workspace));
  TRY_STATUS(judge(tx, workspace, Scope::new_conversations, "new_conversations_suspended"));
  return judge_rate(tx, workspace, Scope::new_conversations);
}

}  // namespace answerable::policy
