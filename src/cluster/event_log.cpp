#include "cluster/event_log.h"

#include <algorithm>

namespace answerable::cluster {
namespace {

// Clustered by key: an append goes to the end of its workspace, a reader scans forward.
constexpr store::Migration migrations[] = {
    {.name = "cluster/0001",
     .sql = "create table workspace_counters (workspace_id bytea primary key, last_seq bigint not null);"
            "create table reader_cursors (reader text not null, workspace_id bytea not null, seq bigint not null,"
            " primary key (reader, workspace_id));"
            "create table leases (name text primary key, holder text not null, fence bigint not null,"
            " ends_at bigint not null);",
     .sqlite_only = "create table events (workspace_id bytea not null, seq bigint not null, kind text not null,"
                    " at bigint not null, conversation_id bytea, message_id bytea, actor_kind text not null,"
                    " actor_id text not null, primary key (workspace_id, seq)) without rowid",
     .postgres_only = "create table events (workspace_id bytea not null, seq bigint not null, kind text not null,"
                      " at bigint not null, conversation_id bytea, message_id bytea, actor_kind text not null,"
                      " actor_id text not null, primary key (workspace_id, seq))"}};

Event read_event(const store::Row& row) {
  return {.seq = row.integer(0),
          .kind = row.string(1),
          .at = row.time(2),
          .conversation = row.maybe_id<ConversationId>(3),
          .message = row.maybe_id<MessageId>(4),
          .actor_kind = row.string(5),
          .actor_id = row.string(6)};
}

}  // namespace

// Not by RETURNING: SQLite makes a table for the rows of each.
Status append_event(store::Transaction& tx, const NewEvent& event) {
  TRY_STATUS(
      tx.execute("insert into workspace_counters (workspace_id, last_seq) values ($1, 1)"
                 " on conflict (workspace_id) do update set last_seq = workspace_counters.last_seq + 1",
                 {event.workspace}));
  TRY_STATUS(tx.execute(
      "insert into events"
      " (workspace_id, seq, kind, at, conversation_id, message_id, actor_kind, actor_id)"
      " values ($1, (select last_seq from workspace_counters where workspace_id = $1),"
      " $2, $3, $4, $5, $6, $7)",
      {event.workspace, event.kind, tx.now(), event.conversation, event.message, event.actor_kind, event.actor_id}));
  tx.announce(event.workspace);
  return {};
}

Result<std::vector<Event>> events_after(store::Session& session, WorkspaceId workspace, std::int64_t after, int limit) {
  return session.all(
      "select seq, kind, at, conversation_id, message_id, actor_kind, actor_id from events"
      " where workspace_id = $1 and seq > $2 order by seq limit $3",
      {workspace, after, std::clamp(limit, 1, events_max)}, read_event);
}

Result<std::int64_t> last_seq(store::Session& session, WorkspaceId workspace) {
  return session.number("select last_seq from workspace_counters where workspace_id = $1", {workspace});
}

Result<std::int64_t> load_cursor(store::Session& session, std::string_view reader, WorkspaceId workspace) {
  return session.number("select seq from reader_cursors where reader = $1 and workspace_id = $2", {reader, workspace});
}

Status save_cursor(store::Transaction& tx, std::string_view reader, WorkspaceId workspace, std::int64_t seq) {
  TRY_STATUS(
      tx.execute("insert into reader_cursors (reader, workspace_id, seq) values ($1, $2, $3)"
                 " on conflict (reader, workspace_id) do update set seq = excluded.seq",
                 {reader, workspace, seq}));
  return {};
}

std::span<const store::Migration> schema() { return migrations; }

}  // namespace answerable::cluster
