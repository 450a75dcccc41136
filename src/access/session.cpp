#include "access/session.h"

#include "access/authorize.h"
#include "access/ended.h"
#include "access/record.h"
#include "base/digest.h"
#include "base/random.h"
#include "base/utf8.h"

namespace answerable::access {
namespace {

constexpr std::int64_t device_unused_ms = 365 * day_ms;

audit::Act act_on_session(const Actor& me, std::string_view action, std::string object_id) {
  return {.workspace = me.workspace,
          .actor = me.for_ledger(),
          .action = action,
          .object_kind = "session",
          .object_id = std::move(object_id)};
}

}  // namespace

Result<OpenedSession> open_session(store::Transaction& tx, const NewSession& given) {
  const auto token = random_token(session_token_bytes);
  const auto hash = sha256(token);
  const auto now = tx.now();
  const OpenedSession opened{.id = SessionId::make(tx.clock()), .token = token, .ends_at = now + session_absolute_ms};
  const auto agent = one_line(to_valid_utf8(given.user_agent), user_agent_bytes_max);
  TRY_STATUS(
      run(tx,
          "insert into sessions (token_hash, id, workspace_id, user_id, created_at, last_seen_at, ends_at, user_agent, "
          "address, confirmed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $5)",
          {store::Bytes{as_bytes(hash)}, opened.id, given.workspace, given.user, now, now, opened.ends_at, agent,
           given.address}));
  TRY_STATUS(
      run(tx,
          "delete from sessions where workspace_id = $1 and user_id = $2 and token_hash in (select token_hash from "
          "sessions where workspace_id = $1 and user_id = $2 order by last_seen_at desc, id desc limit 1000 offset $3)",
          {given.workspace, given.user, sessions_per_user_max}));
  return opened;
}

Result<std::vector<SessionInfo>> my_sessions(store::Session& session, const Actor& me) {
  TRY_STATUS(authorize(me, "session", "read", true));
  const auto now = session.now();
  return session.all(
      "select id, created_at, last_seen_at, user_agent, address from sessions where workspace_id = $1 and user_id = $2 "
      "and ends_at > $3 and last_seen_at > $4 order by last_seen_at desc, id desc",
      {me.workspace, me.user, now, now - session_idle_ms}, [](const store::Row& row) {
        return SessionInfo{.id = row.id<SessionId>(0),
                           .created_at = row.time(1),
                           .last_seen_at = row.time(2),
                           .user_agent = row.string(3),
                           .address = row.string(4)};
      });
}

Status end_my_session(store::Transaction& tx, const Actor& me, SessionId id) {
  TRY_STATUS(authorize(me, "session", "end", true));
  TRY(const auto ended, tx.execute("delete from sessions where workspace_id = $1 and user_id = $2 and id = $3",
                                   {me.workspace, me.user, id}));
  if (ended == 0) return fail(ErrorKind::not_found, "session_unknown", "There is no such session.");
  TRY_STATUS(note_ended(tx));
  return record(tx, act_on_session(me, "session.sign_out", id.text()));
}

Status end_all_my_sessions(store::Transaction& tx, const Actor& me) {
  TRY_STATUS(authorize(me, "session", "end", true));
  TRY_STATUS(end_sessions(tx, me.workspace, me.user, std::nullopt));
  return record(tx, act_on_session(me, "session.sign_out_everywhere", me.user.text()));
}

Status end_sessions(store::Transaction& tx, WorkspaceId workspace, UserId user, std::optional<SessionId> keep) {
  TRY_STATUS(run(tx, "delete from sessions where workspace_id = $1 and user_id = $2 and id <> $3",
                 {workspace, user, keep.value_or(SessionId{})}));
  return note_ended(tx);
}

Result<std::int64_t> delete_ended_sessions(store::Transaction& tx, int limit) {
  const auto now = tx.now();
  return tx.execute(
      "delete from sessions where token_hash in (select token_hash from sessions "
      "where ends_at <= $1 or last_seen_at <= $2 limit $3)",
      {now, now - session_idle_ms, limit});
}

Result<std::int64_t> delete_unused_devices(store::Transaction& tx, int limit) {
  return tx.execute(
      "delete from known_devices where (token_hash, user_id) in (select token_hash, user_id from known_devices "
      "where last_used_at <= $1 limit $2)",
      {tx.now() - device_unused_ms, limit});
}

}  // namespace answerable::access
