#include "access/scim_token.h"

#include "access/api_key.h"
#include "access/authorize.h"
#include "access/composed_role_row.h"
#include "access/record.h"
#include "base/digest.h"
#include "base/random.h"

namespace answerable::access {
namespace {

constexpr std::string_view mark = "scim_";
constexpr std::int64_t used_every_ms = 60'000;

audit::Act act(const Actor& by, std::string_view action, const ScimToken& token) {
  return {.workspace = by.workspace,
          .actor = by.for_ledger(),
          .action = action,
          .object_kind = "scim_token",
          .object_id = token.id.text()};
}

Result<std::optional<ScimToken>> find_token(store::Session& session, WorkspaceId workspace) {
  return session.find("select id, created_at, last_used_at from scim_tokens where workspace_id = $1", {workspace},
                      [](const store::Row& row) {
                        return ScimToken{
                            .id = row.id<ApiKeyId>(0), .created_at = row.time(1), .last_used_at = row.maybe_time(2)};
                      });
}

Actor read_actor(const store::Row& row) {
  Actor found;
  found.kind = Actor::Kind::api_key;
  found.role = Role::administrator;
  found.workspace = row.id<WorkspaceId>(0);
  found.api_key = row.id<ApiKeyId>(1);
  found.name = "SCIM";
  if (row.is_null(2)) return found;  // of before it was known whose a token is
  Actor maker;
  maker.kind = Actor::Kind::user;
  maker.role = parse_role(row.text(2)).value_or(Role::agent);
  maker.composed = read_composed(row, 3);
  confine(found, maker);
  return found;
}

// The workspace has none then.
Status retire(store::Transaction& tx, WorkspaceId workspace) {
  TRY_STATUS(run(tx,
                 "insert into scim_tokens_ended (workspace_id, id, maker_id) select workspace_id, id, maker_id from "
                 "scim_tokens where workspace_id = $1 and maker_id is not null",
                 {workspace}));
  return run(tx, "delete from scim_tokens where workspace_id = $1", {workspace});
}

}  // namespace

Result<std::optional<ScimToken>> scim_token(store::Session& session, const Actor& by) {
  TRY_STATUS(authorize(by, "scim", "read"));
  return find_token(session, by.workspace);
}

Result<NewScimToken> make_scim_token(store::Transaction& tx, const Actor& by) {
  TRY_STATUS(authorize(by, "scim", "update"));
  NewScimToken made{.token = {.id = ApiKeyId::make(tx.clock()), .created_at = tx.now(), .last_used_at = std::nullopt},
                    .secret = std::string(mark) + random_token()};
  const auto hash = sha256(made.secret);
  TRY(const auto maker, maker_of(tx, by));
  TRY_STATUS(retire(tx, by.workspace));
  TRY_STATUS(run(
      tx, "insert into scim_tokens (workspace_id, id, token_hash, created_at, maker_id) values ($1, $2, $3, $4, $5)",
      {by.workspace, made.token.id, store::Bytes{as_bytes(hash)}, tx.now(), maker}));
  TRY_STATUS(record(tx, act(by, "scim_token.create", made.token)));
  return made;
}

Status end_scim_token(store::Transaction& tx, const Actor& by) {
  TRY_STATUS(authorize(by, "scim", "end"));
  TRY(const auto token, find_token(tx, by.workspace));
  if (!token) return fail(ErrorKind::not_found, "scim_token_unknown", "There is no such token.");
  TRY_STATUS(retire(tx, by.workspace));
  return record(tx, act(by, "scim_token.revoke", *token));
}

Result<std::int64_t> end_scim_token_of(store::Transaction& tx, WorkspaceId workspace, UserId maker) {
  TRY(const auto tokens,
      tx.number("select count(*) from scim_tokens where workspace_id = $1 and maker_id = $2", {workspace, maker}));
  if (tokens > 0) TRY_STATUS(retire(tx, workspace));
  return tokens;
}

Result<Actor> actor_of_scim_token(store::Session& session, std::string_view secret) {
  const auto invalid = [] {
    return fail(ErrorKind::unauthenticated, "scim_token_invalid",
                "Send the workspace's token as: Authorization: Bearer scim_…");
  };
  if (secret.size() != scim_token_characters || !secret.starts_with(mark)) return invalid();
  const auto hash = sha256(secret);
  TRY(auto actor,
      session.find("select t.workspace_id, t.id, u.role, u.role_id, m.id, m.name, m.permissions, m.sees_only_assigned, "
                   "m.hides_personal from scim_tokens t "
                   "left join users u on u.workspace_id = t.workspace_id and u.id = t.maker_id "
                   "left join roles m on m.workspace_id = u.workspace_id and m.id = u.role_id where t.token_hash = $1",
                   {store::Bytes{as_bytes(hash)}}, read_actor));
  if (!actor) return invalid();
  return *std::move(actor);
}

Status note_scim_token_used(store::Transaction& tx, const Actor& actor) {
  return run(tx,
             "update scim_tokens set last_used_at = $3 where workspace_id = $1 and id = $2 and "
             "(last_used_at is null or last_used_at <= $4)",
             {actor.workspace, actor.api_key, tx.now(), tx.now() - used_every_ms});
}

}  // namespace answerable::access
