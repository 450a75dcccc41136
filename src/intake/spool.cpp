#include "intake/spool.h"

#include <algorithm>
#include <cstring>

#include "cluster/membership.h"
#include "intake/dated_key.h"
#include "intake/limits.h"
#include "policy/entitlement.h"

namespace answerable::intake {

namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) {
    if (!text.empty()) text += '\n';
    text += line;
  }
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// Names the arrival within its workspace in 32 bytes, whatever the channel's key looks like.
Digest key_of(const Arrival& arrival) {
  std::string name(arrival.channel.bytes());
  name += arrival.external_key;
  return dated_key(sha256(name), arrival.written_at);
}

std::optional<Digest> digest_from(std::string_view bytes) {
  Digest digest{};
  if (bytes.size() != digest.size()) return std::nullopt;
  std::memcpy(digest.data(), bytes.data(), digest.size());
  return digest;
}

struct Stored {
  Arrival arrival;
  std::optional<Digest> blob;
};

Result<Stored> load_stored(store::Session& session, WorkspaceId workspace, SpoolId id) {
  std::optional<Digest> blob;
  TRY(auto found,
      session.find(
          "select channel_id, channel_kind, external_key, envelope_from, envelope_to, peer, received_at, blob, "
          "raw, source_at from spool where workspace_id = $1 and id = $2",
          {workspace, id}, [&](const store::Row& row) {
            Arrival arrival;
            arrival.workspace = workspace;
            arrival.channel = row.id<ChannelId>(0);
            arrival.channel_kind = row.string(1);
            arrival.external_key = row.string(2);
            arrival.envelope_from = row.string(3);
            arrival.envelope_to = split(row.text(4));
            arrival.peer = row.string(5);
            arrival.received_at = row.time(6);
            blob = digest_from(row.bytes(7));
            arrival.raw = std::string(row.bytes(8));
            if (row.integer(9) != 0) arrival.source_at = row.time(9);
            return arrival;
          }));
  if (!found) return fail(ErrorKind::not_found, "spool_entry_not_found", "There is no such arrival.");
  return Stored{*std::move(found), blob};
}

Status insert_waiting(store::Transaction& tx, const Arrival& arrival, SpoolId id, std::string_view node) {
  TRY_STATUS(
      tx.execute("insert into spool_pending (workspace_id, spool_id, channel_id, is_replay, node) "
                 "values ($1, $2, $3, $4, $5) on conflict do nothing",
                 {arrival.workspace, id, arrival.channel, static_cast<std::int64_t>(Insistence::none), node}));
  return {};
}

}  // namespace

Result<bool> store_arrival(store::Transaction& tx, SpoolId id, const Arrival& arrival,
                           const std::optional<Digest>& blob, std::string_view node) {
  auto key = key_of(arrival);
  TRY(auto is_new,
      tx.execute("insert into inbound_keys (workspace_id, key, spool_id) values ($1, $2, $3) on conflict do nothing",
                 {arrival.workspace, store::Bytes{as_bytes(key)}, id}));
  if (is_new == 0) return false;
  store::Value blob_value = nullptr;
  store::Value raw_value = nullptr;
  if (blob)
    blob_value = store::Bytes{as_bytes(*blob)};
  else
    raw_value = store::Bytes{arrival.raw};
  auto to = joined(arrival.envelope_to);
  TRY_STATUS(tx.execute(
      "insert into spool (workspace_id, id, channel_id, channel_kind, external_key, envelope_from, envelope_to, "
      "peer, received_at, size, blob, raw, source_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
      {arrival.workspace, id, arrival.channel, arrival.channel_kind, arrival.external_key, arrival.envelope_from, to,
       arrival.peer, arrival.received_at, static_cast<std::int64_t>(arrival.size()), blob_value, raw_value,
       arrival.source_at.value_or(Time{})}));
  TRY_STATUS(policy::count_stored(tx, arrival.workspace, static_cast<std::int64_t>(arrival.size())));
  TRY_STATUS(insert_waiting(tx, arrival, id, node));
  return true;
}

Result<std::optional<SpoolId>> find_arrival(store::Session& session, const Arrival& arrival) {
  const auto key = key_of(arrival);
  return session.find("select spool_id from inbound_keys where workspace_id = $1 and key = $2",
                      {arrival.workspace, store::Bytes{as_bytes(key)}},
                      [](const store::Row& row) { return row.id<SpoolId>(0); });
}

Result<Arrival> load_envelope(store::Session& session, WorkspaceId workspace, SpoolId id) {
  TRY(auto stored, load_stored(session, workspace, id));
  return std::move(stored.arrival);
}

Result<Arrival> load_arrival(store::Session& session, store::Blobs& blobs, WorkspaceId workspace, SpoolId id) {
  TRY(auto stored, load_stored(session, workspace, id));
  if (stored.blob) {
    TRY(stored.arrival.raw, blobs.get(*stored.blob));
  }
  return std::move(stored.arrival);
}

Result<bool> settle(store::Transaction& tx, WorkspaceId workspace, SpoolId id) {
  TRY(auto rows, tx.execute("delete from spool_pending where workspace_id = $1 and spool_id = $2", {workspace, id}));
  return rows == 1;
}

Status put_back(store::Transaction& tx, WorkspaceId workspace, ChannelId channel, SpoolId id, Insistence insistence) {
  TRY_STATUS(
      tx.execute("insert into spool_pending (workspace_id, spool_id, channel_id, is_replay) values ($1, $2, $3, $4) "
                 "on conflict do nothing",
                 {workspace, id, channel, static_cast<std::int64_t>(insistence)}));
  return {};
}

Status move_raw_to_blob(store::Transaction& tx, WorkspaceId workspace, SpoolId id, const Digest& blob) {
  TRY_STATUS(tx.execute("update spool set blob = $3, raw = null where workspace_id = $1 and id = $2",
                        {workspace, id, store::Bytes{as_bytes(blob)}}));
  return {};
}

Status note_tries(store::Transaction& tx, WorkspaceId workspace, SpoolId id, int tries) {
  TRY_STATUS(tx.execute("update spool_pending set tries = $3 where workspace_id = $1 and spool_id = $2",
                        {workspace, id, tries}));
  return {};
}

namespace {

Waiting read_waiting(const store::Row& row) {
  return {row.id<WorkspaceId>(0), row.id<SpoolId>(1), static_cast<Insistence>(row.integer(2)),
          static_cast<int>(row.integer(3))};
}

// Whose owner does nothing for them.
Result<std::vector<std::string>> dead_owners(store::Session& session, std::string_view node) {
  TRY(const auto owners, session.all("select distinct node from spool_pending where node <> $1", {node},
                                     [](const store::Row& row) { return row.string(0); }));
  std::vector<std::string> dead;
  for (const auto& owner : owners) {
    TRY(const bool lives, cluster::is_alive(session, owner));
    if (!lives) dead.push_back(owner);
  }
  return dead;
}

Result<std::optional<Waiting>> next_suspect(store::Session& session, std::string_view owner) {
  return session.find(
      "select workspace_id, spool_id, is_replay, tries from spool_pending where node = $1 and tries > 0 "
      "order by spool_id limit 1",
      {owner}, read_waiting);
}

}  // namespace

Result<bool> is_any_abandoned(store::Session& session, std::string_view node) {
  TRY(const auto dead, dead_owners(session, node));
  return !dead.empty();
}

Status take_up(store::Transaction& tx, WorkspaceId workspace, SpoolId id, std::string_view node) {
  TRY_STATUS(tx.execute("update spool_pending set node = $3 where workspace_id = $1 and spool_id = $2",
                        {workspace, id, node}));
  return {};
}

Result<std::vector<Waiting>> take_up_all(store::Transaction& tx, std::string_view node) {
  TRY(const auto dead, dead_owners(tx, node));
  for (const auto& owner : dead)
    TRY_STATUS(tx.execute("update spool_pending set node = $1 where node = $2", {node, owner}));
  return tx.all("select workspace_id, spool_id, is_replay, tries from spool_pending where node = $1 order by spool_id",
                {node}, read_waiting);
}

Result<std::vector<Waiting>> take_up_abandoned(store::Transaction& tx, std::string_view node) {
  TRY(const auto dead, dead_owners(tx, node));
  TRY(const auto under_way, next_suspect(tx, node));
  bool may_take_suspect = !under_way;
  std::vector<Waiting> taken;
  for (const auto& owner : dead) {
    TRY_STATUS(
        tx.each("update spool_pending set node = $1 where node = $2 and tries = 0 "
                "returning workspace_id, spool_id, is_replay, tries",
                {node, owner}, [&](const store::Row& row) { taken.push_back(read_waiting(row)); }));
    if (!may_take_suspect) continue;
    TRY(const auto suspect, next_suspect(tx, owner));
    if (!suspect) continue;
    may_take_suspect = false;
    TRY_STATUS(take_up(tx, suspect->workspace, suspect->id, node));
    taken.push_back(*suspect);
  }
  std::ranges::sort(taken, {}, &Waiting::id);
  return taken;
}

}  // namespace answerable::intake
