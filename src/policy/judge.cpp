#include "policy/judge.h"

#include <array>

namespace answerable::policy {
namespace {

constexpr std::array migrations{store::Migration{.name = "policy/0001", .sql = R"sql(
create table suspensions (
  workspace_id bytea not null,
  id bytea not null,
  scope text not null,
  cause text not null,
  reason text not null,
  began_at bigint not null,
  ends_at bigint,
  lifted_at bigint,
  primary key (workspace_id, id)
);
-- At most one that has not been lifted; one whose ends_at has passed is over without being lifted.
create unique index suspensions_not_lifted on suspensions (workspace_id, scope) where lifted_at is null;
)sql"}};

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
  }
  return "sending";
}

std::optional<Scope> parse_scope(std::string_view text) {
  for (auto scope : {Scope::sending, Scope::new_conversations}) {
    if (text == to_string(scope)) return scope;
  }
  return std::nullopt;
}

Result<std::optional<Suspension>> find_suspension(store::Session& session, WorkspaceId workspace, Scope scope) {
  return session.find(
      "select cause, reason, began_at, ends_at from suspensions "
      "where workspace_id = $1 and scope = $2 and lifted_at is null and (ends_at is null or ends_at > $3)",
      {workspace, to_string(scope), session.now()}, [&](const store::Row& row) {
        return Suspension{.scope = scope,
                          .cause = row.string(0),
                          .reason = row.string(1),
                          .since = row.time(2),
                          .until = row.maybe_time(3)};
      });
}

Status judge_sending(store::Session& session, WorkspaceId workspace) {
  return judge(session, workspace, Scope::sending, "sending_suspended");
}

Status judge_starting(store::Session& session, WorkspaceId workspace) {
  TRY_STATUS(judge_sending(session, workspace));
  return judge(session, workspace, Scope::new_conversations, "new_conversations_suspended");
}

std::span<const store::Migration> schema() { return migrations; }

}  // namespace answerable::policy
