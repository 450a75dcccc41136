#include "access/session.h"

#include "access/authorize.h"
#include "access/ended.h"
#include "access/known_device.h"
#include "access/record.h"
#include "access/user.h"
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
  const auto device_bytes = device_hash(given.device_token);
  const auto device = given.device_token.empty() ? store::Value(nullptr) : store::Value(store::Bytes{device_bytes});
  TRY_STATUS(
      run(tx,
          "insert into sessions (token_hash, id, workspace_id, user_id, created_at, last_seen_at, ends_at, user_agent, "
          "address, confirmed_at, device_hash, sign_on_issuer, sign_on_subject, sign_on_session) "
          "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $5, $10, $11, $12, $13)",
          {store::Bytes{as_bytes(hash)}, opened.id, given.workspace, given.user, now, now, opened.ends_at, agent,
           given.address, device, given.provider.issuer, given.provider.subject, given.provider.id}));
  TRY_STATUS(
      run(tx,
          "delete from sessions where workspace_id = $1 and user_id = $2 and token_hash in (select token_hash from "
          "sessions where workspace_id = $1 and user_id = $2 order by last_seen_at desc, id desc limit 1000 offset $3)",
          {given.workspace, given.user, sessions_per_user_max}));
  return opened;
}

Result<std::vector<SessionInfo>> sessions_of(store::Session& session, const Actor& by, UserId whose) {
  const bool is_own = by.kind == Actor::Kind::user && by.user == whose;
  TRY_STATUS(is_own ? authorize(by, "session", "read", true) : authorize(by, "user", "read_sessions"));
  TRY(const auto user, find_user(session, by.workspace, whose));
  if (!user) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  const auto now = session.now();
  return session.all(
      "select id, created_at, last_seen_at, user_agent, address from sessions where workspace_id = $1 and user_id = $2 "
      "and ends_at > $3 and last_seen_at > $4 order by last_seen_at desc, id desc",
      {by.workspace, whose, now, now - session_idle_ms}, [](const store::Row& row) {
        return SessionInfo{.id = row.id<SessionId>(0),
                           .created_at = row.time(1),
                           .last_seen_at = row.time(2),
                           .user_agent = row.string(3),
                           .address = row.string(4)};
      });
}

Status end_session(store::Transaction& tx, const Actor& by, SessionId id) {
  TRY_STATUS(authorize(by, "session", "end", true));
  TRY(const auto owner, tx.find("select user_id from sessions where workspace_id = $1 and id = $2", {by.workspace, id},
                                [](const store::Row& row) { return row.id<UserId>(0); }));
  // Who may not end it does not learn that there is one.
  const bool is_theirs = owner && (*owner == by.user || authorize(by, "user", "end_sessions"));
  if (!is_theirs) return fail(ErrorKind::not_found, "session_unknown", "There is no such session.");
  TRY_STATUS(
      run(tx, "delete from sessions where workspace_id = $1 and user_id = $2 and id = $3", {by.workspace, *owner, id}));
  TRY_STATUS(note_ended(tx));
  return record(tx, act_on_session(by, *owner == by.user ? "session.sign_out" : "session.end", id.text()));
}

Status end_sessions_of(store::Transaction& tx, const Actor& by, UserId whose) {
  TRY_STATUS(authorize(by, "user", "end_sessions"));
  TRY(const auto user, find_user(tx, by.workspace, whose));
  if (!user) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  TRY_STATUS(end_sessions(tx, by.workspace, whose, std::nullopt));
  TRY_STATUS(run(tx, "delete from known_devices where user_id = $1", {whose}));
  return record(tx, {.workspace = by.workspace,
                     .actor = by.for_ledger(),
                     .action = "user.end_sessions",
                     .object_kind = "user",
                     .object_id = whose.text()});
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
