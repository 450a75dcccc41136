#include "audit/ledger.h"

#include <algorithm>

#include "audit/commitment_key.h"
#include "audit/entry.h"
#include "audit/entry_kind.h"
#include "audit/merkle.h"
#include "base/encoding.h"

namespace answerable::audit {
namespace {

// ledger_frontiers is a cache for the sealer: the compact range at its last checkpoint. Nothing in these tables is
// unsigned and unchecked: a checkpoint has no time of its own for that reason.
constexpr store::Migration migrations[] = {
    {.name = "audit/0001",
     .sql =
         "create table ledger_heads (workspace_id bytea primary key, size bigint not null);"
         "create table ledger_checkpoints (workspace_id bytea not null, size bigint not null, root bytea not null,"
         " note text not null, primary key (workspace_id, size));"
         "create table ledger_frontiers (workspace_id bytea primary key, size bigint not null, hashes bytea not null);",
     .sqlite_only = "create table ledger_entries (workspace_id bytea not null, seq bigint not null, at bigint not null,"
                    " encoded bytea not null, leaf_hash bytea not null, primary key (workspace_id, seq)) without rowid",
     .postgres_only =
         "create table ledger_entries (workspace_id bytea not null, seq bigint not null, at bigint not null,"
         " encoded bytea not null, leaf_hash bytea not null, primary key (workspace_id, seq))"},
    {.name = "audit/0002",
     .sql = "alter table ledger_heads add column epoch bigint not null default 1;"
            "create table ledger_anchors (workspace_id bytea primary key, size bigint not null, seq bigint not null,"
            " note text not null);"
            "create table ledger_holders (name text primary key, size bigint not null, hashes bytea not null,"
            " note text not null, held_at bigint not null, problem text not null)"},
    {.name = "audit/0003",
     .sql = "create table ledger_commitment_keys (workspace_id bytea not null, subject text not null,"
            " key bytea not null, primary key (workspace_id, subject))"},
    // What the entries ledger.key say, to be found.
    {.name = "audit/0004",
     .sql = "create table ledger_key_changes (workspace_id bytea not null, seq bigint not null, note text not null,"
            " primary key (workspace_id, seq))"},
    // What an entry commits to and stands nowhere else.
    {.name = "audit/0005",
     .sql = "create table ledger_words (workspace_id bytea not null, seq bigint not null, subject text not null,"
            " words text not null, primary key (workspace_id, seq));"
            "create index ledger_words_by_subject on ledger_words (workspace_id, subject)"}};

Entry read_entry(const store::Row& row) {
  Entry entry{.seq = row.integer(0), .at = row.time(1), .encoded = std::string(row.bytes(2))};
  auto hash = row.bytes(3);
  std::copy_n(hash.begin(), std::min(hash.size(), entry.leaf_hash.size()), entry.leaf_hash.begin());
  return entry;
}

// SQLite makes a table for the rows of each RETURNING, and looks twice for a row that may be in the way: there two
// plain statements cost less.
Result<std::int64_t> take_seq(store::Transaction& tx, WorkspaceId workspace) {
  if (tx.engine() == store::Engine::postgres)
    return tx.number(
        "insert into ledger_heads (workspace_id, size) values ($1, 1)"
        " on conflict (workspace_id) do update set size = ledger_heads.size + 1 returning size - 1",
        {workspace});
  TRY(const auto rows, tx.execute("update ledger_heads set size = size + 1 where workspace_id = $1", {workspace}));
  if (rows == 0) TRY_STATUS(tx.execute("insert into ledger_heads (workspace_id, size) values ($1, 1)", {workspace}));
  return tx.number("select size - 1 from ledger_heads where workspace_id = $1", {workspace});
}

}  // namespace

std::string commit_to(std::string_view key, std::string_view personal_value) {
  return to_hex(as_bytes(hmac_sha256(key, personal_value)));
}

Result<std::int64_t> append_entry(store::Transaction& tx, const Act& act) {
  TRY_STATUS(check_entry(act));
  TRY(auto seq, take_seq(tx, act.workspace));
  auto at = tx.now();
  TRY(auto encoded, encode_entry(act, seq, at));
  auto leaf = hash_leaf(encoded);
  TRY_STATUS(
      tx.execute("insert into ledger_entries (workspace_id, seq, at, encoded, leaf_hash) values ($1, $2, $3, $4, $5)",
                 {act.workspace, seq, at, store::Bytes{encoded}, store::Bytes{as_bytes(leaf)}}));
  tx.announce(act.workspace);
  return seq;
}

Result<std::int64_t> append_entry_with(store::Transaction& tx, Act act, const Words& words) {
  TRY(const auto key, commitment_key(tx, act.workspace, words.subject));
  act.details.emplace_back(words.detail, commit_to(key, words.text));
  TRY(const auto seq, append_entry(tx, act));
  TRY_STATUS(tx.execute("insert into ledger_words (workspace_id, seq, subject, words) values ($1, $2, $3, $4)",
                        {act.workspace, seq, words.subject, words.text}));
  return seq;
}

Result<std::map<std::int64_t, std::string>> words_of(store::Session& session, WorkspaceId workspace, std::int64_t first,
                                                     std::int64_t until) {
  std::map<std::int64_t, std::string> words;
  TRY_STATUS(session.each("select seq, words from ledger_words where workspace_id = $1 and seq >= $2 and seq < $3",
                          {workspace, first, until},
                          [&](const store::Row& row) { words[row.integer(0)] = row.string(1); }));
  return words;
}

Result<std::vector<Entry>> entries(store::Session& session, WorkspaceId workspace, std::int64_t first, int limit) {
  return session.all(
      "select seq, at, encoded, leaf_hash from ledger_entries where workspace_id = $1 and seq >= $2 order by seq limit "
      "$3",
      {workspace, first, std::clamp(limit, 1, entries_max)}, read_entry);
}

Result<std::int64_t> entry_count(store::Session& session, WorkspaceId workspace) {
  return session.number("select size from ledger_heads where workspace_id = $1", {workspace});
}

Result<std::int64_t> epoch_of(store::Session& session, WorkspaceId workspace) {
  TRY(auto epoch, session.number("select epoch from ledger_heads where workspace_id = $1", {workspace}));
  return std::max<std::int64_t>(epoch, 1);
}

Result<std::vector<Digest>> leaf_hashes(store::Session& session, WorkspaceId workspace, std::uint64_t first,
                                        std::uint64_t until) {
  std::vector<Digest> leaves;
  leaves.reserve(until - first);
  TRY_STATUS(session.each(
      "select leaf_hash from ledger_entries where workspace_id = $1 and seq >= $2 and seq < $3 order by seq",
      {workspace, static_cast<std::int64_t>(first), static_cast<std::int64_t>(until)}, [&](const store::Row& row) {
        auto hash = row.bytes(0);
        auto& leaf = leaves.emplace_back();
        std::copy_n(hash.begin(), std::min(hash.size(), leaf.size()), leaf.begin());
      }));
  return leaves;
}

std::span<const store::Migration> schema() { return migrations; }

}  // namespace answerable::audit
