#include "intake/channel_table.h"

#include <set>

#include "access/revision.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "intake/channel_directory.h"

namespace answerable::intake {

namespace {

Channel from_row(const store::Row& row) {
  Channel channel;
  channel.workspace = row.id<WorkspaceId>(0);
  channel.id = row.id<ChannelId>(1);
  channel.kind = row.string(2);
  channel.name = row.string(3);
  channel.address = row.string(4);
  channel.state = parse_channel_state(row.text(5)).value_or(ChannelState::disabled);
  channel.state_detail = row.string(6);
  channel.config = row.string(7);
  channel.sealed_secrets = std::string(row.bytes(8));
  channel.version = row.integer(9);
  channel.created_at = row.time(10);
  channel.updated_at = row.time(11);
  return channel;
}

Status add_addresses(store::Session& session, Channel& channel) {
  return session.each(
      "select address_key from channel_addresses where workspace_id = $1 and channel_id = $2 order by address_key",
      {channel.workspace, channel.id}, [&](const store::Row& row) { channel.addresses.push_back(row.string(0)); });
}

std::unexpected<Error> taken_elsewhere(const std::string& address) {
  return fail(
      ErrorKind::conflict, "address_taken",
      "Another workspace receives mail for " + address + ". Choose another address, or ask whoever runs this server.");
}

// Mail for "help+x@b.com" reaches "help@b.com": nobody may take it out of another workspace's address by claiming that
// tagged form, nor claim the address of which another workspace has tagged forms.
Status check_tags(store::Transaction& tx, const Channel& channel) {
  std::set<std::string> own(channel.addresses.begin(), channel.addresses.end());
  std::set<std::string> own_untagged;
  for (const auto& address : own) own_untagged.insert(without_tag(address));
  std::string taken;
  TRY_STATUS(tx.each("select address_key from channel_addresses where workspace_id <> $1", {channel.workspace},
                     [&](const store::Row& row) {
                       auto address = row.string(0);
                       if (own.contains(without_tag(address)) || own_untagged.contains(address)) taken = address;
                     }));
  if (taken.empty()) return {};
  return taken_elsewhere(taken);
}

}  // namespace

std::string without_tag(std::string_view key) {
  const auto plus = key.find('+');
  const auto at = key.rfind('@');
  std::string untagged(key);
  if (plus != std::string_view::npos && at != std::string_view::npos && plus < at && plus != 0)
    untagged.erase(plus, at - plus);
  return untagged;
}

Status insert_channel_row(store::Transaction& tx, const Channel& channel) {
  TRY_STATUS(
      tx.execute("insert into channels (workspace_id, id, kind, name, address, state, state_detail, config, secrets, "
                 "version, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                 {channel.workspace, channel.id, channel.kind, channel.name, channel.address, to_string(channel.state),
                  channel.state_detail, channel.config, store::Bytes{channel.sealed_secrets}, channel.version,
                  channel.created_at, channel.updated_at}));
  TRY_STATUS(
      tx.execute("insert into channel_counters (workspace_id, channel_id, appended, duplicates, bounces, loops, "
                 "quarantined, held, "
                 "last_received_at, last_lag_ms) values ($1, $2, 0, 0, 0, 0, 0, 0, 0, 0)",
                 {channel.workspace, channel.id}));
  return {};
}

Status update_channel_row(store::Transaction& tx, const Channel& channel) {
  TRY(auto changed,
      tx.execute(
          "update channels set name = $3, address = $4, state = $5, state_detail = $6, config = $7, secrets = $8, "
          "version = $9, updated_at = $10 where workspace_id = $1 and id = $2 and version = $11",
          {channel.workspace, channel.id, channel.name, channel.address, to_string(channel.state), channel.state_detail,
           channel.config, store::Bytes{channel.sealed_secrets}, channel.version, channel.updated_at,
           channel.version - 1}));
  if (changed != 1)
    return fail(ErrorKind::conflict, "channel_changed",
                "Somebody else changed this channel: load it again, then decide.");
  return {};
}

Status write_channel_addresses(store::Transaction& tx, const Channel& channel) {
  TRY_STATUS(access::renew_revision(tx, channel.workspace, access::senders_part));
  TRY_STATUS(tx.execute("delete from channel_addresses where workspace_id = $1 and channel_id = $2",
                        {channel.workspace, channel.id}));
  TRY_STATUS(check_tags(tx, channel));
  for (const auto& address : channel.addresses) {
    TRY(auto written,
        tx.execute("insert into channel_addresses (address_key, workspace_id, channel_id) values ($1, $2, $3) "
                   "on conflict do nothing",
                   {address, channel.workspace, channel.id}));
    if (written == 1) continue;
    TRY(const auto own, tx.number("select count(*) from channel_addresses where address_key = $1 and workspace_id = $2",
                                  {address, channel.workspace}));
    if (own == 0) return taken_elsewhere(address);
    return fail(ErrorKind::conflict, "address_taken",
                "Another channel of this workspace receives mail for " + address + " already.");
  }
  return {};
}

Result<std::vector<Channel>> list_channels(store::Session& session, WorkspaceId workspace) {
  TRY(auto list,
      session.all("select workspace_id, id, kind, name, address, state, state_detail, config, secrets, version, "
                  "created_at, updated_at from channels where workspace_id = $1 order by name, id",
                  {workspace}, from_row));
  for (auto& channel : list) TRY_STATUS(add_addresses(session, channel));
  return list;
}

Result<std::int64_t> count_channels_in_use(store::Session& session, WorkspaceId workspace) {
  return session.number("select count(*) from channels where workspace_id = $1 and state <> $2",
                        {workspace, to_string(ChannelState::disabled)});
}

Result<std::vector<Channel>> list_all_channels(store::Session& session) {
  TRY(auto list,
      session.all("select workspace_id, id, kind, name, address, state, state_detail, config, secrets, version, "
                  "created_at, updated_at from channels",
                  {}, from_row));
  for (auto& channel : list) TRY_STATUS(add_addresses(session, channel));
  return list;
}

// What undo would put back. The hash of what stands now goes with it, or it would look changed since.
Status reseal_overwritten(store::Transaction& tx, const Channel& channel, std::string_view from, std::string_view to) {
  struct Kept {
    std::int64_t seq = 0;
    std::string before;
  };
  TRY(const auto all,
      tx.all("select o.seq, o.before from overwritten_fields o where o.workspace_id = $1 and "
             "o.field = 'secrets' and o.before <> ''",
             {channel.workspace}, [](const store::Row& row) { return Kept{row.integer(0), row.string(1)}; }));
  for (const auto& one : all) {
    const auto sealed = from_base64(one.before);
    const auto secrets = open_secrets(from, channel.id, sealed.value_or("-"));
    if (!secrets) continue;  // another channel's, or nobody's
    TRY_STATUS(
        tx.execute("update overwritten_fields set before = $3 where workspace_id = $1 and seq = $2 and "
                   "field = 'secrets'",
                   {channel.workspace, one.seq, to_base64(seal_secrets(to, channel.id, *secrets))}));
  }
  return {};
}

std::string hash_of(std::string_view sealed) { return to_hex(as_bytes(sha256(sealed))); }

Result<std::int64_t> reseal_channels(store::Transaction& tx, std::string_view from, std::string_view to) {
  TRY(const auto all, list_all_channels(tx));
  std::int64_t unreadable = 0;
  for (const auto& channel : all) {
    TRY_STATUS(reseal_overwritten(tx, channel, from, to));
    const auto secrets = open_secrets(from, channel.id, channel.sealed_secrets);
    if (!secrets && !open_secrets(to, channel.id, channel.sealed_secrets)) ++unreadable;
    if (!secrets || secrets->empty()) continue;
    const auto sealed = seal_secrets(to, channel.id, *secrets);
    TRY_STATUS(tx.execute("update channels set secrets = $3 where workspace_id = $1 and id = $2",
                          {channel.workspace, channel.id, store::Bytes{sealed}}));
    TRY_STATUS(
        tx.execute("update overwritten_fields set after = $3 where workspace_id = $1 and field = 'secrets' and "
                   "after = $2",
                   {channel.workspace, hash_of(channel.sealed_secrets), hash_of(sealed)}));
  }
  return unreadable;
}

Result<Channel> load_channel(store::Session& session, WorkspaceId workspace, ChannelId id) {
  TRY(auto found,
      session.find("select workspace_id, id, kind, name, address, state, state_detail, config, secrets, version, "
                   "created_at, updated_at from channels where workspace_id = $1 and id = $2",
                   {workspace, id}, from_row));
  if (!found) return fail(ErrorKind::not_found, "channel_not_found", "There is no such channel.");
  TRY_STATUS(add_addresses(session, *found));
  return *std::move(found);
}

Result<std::map<ChannelId, ChannelStats>> channel_stats(store::Session& session, WorkspaceId workspace) {
  std::map<ChannelId, ChannelStats> stats;
  TRY_STATUS(session.each(
      "select channel_id, appended, duplicates, bounces, loops, quarantined, held, last_received_at, last_lag_ms "
      "from channel_counters where workspace_id = $1",
      {workspace}, [&](const store::Row& row) {
        auto& entry = stats[row.id<ChannelId>(0)];
        entry.appended = row.integer(1);
        entry.duplicates = row.integer(2);
        entry.bounces = row.integer(3);
        entry.loops = row.integer(4);
        entry.quarantined = row.integer(5);
        entry.held = row.integer(6);
        if (row.integer(7) != 0) entry.last_received_at = row.time(7);
        entry.last_lag_ms = row.integer(8);
      }));
  TRY_STATUS(session.each("select channel_id, count(*) from spool_pending where workspace_id = $1 group by channel_id",
                          {workspace},
                          [&](const store::Row& row) { stats[row.id<ChannelId>(0)].waiting = row.integer(1); }));
  for (auto& [id, entry] : stats)
    entry.received = entry.appended + entry.duplicates + entry.bounces + entry.loops + entry.quarantined + entry.held +
                     entry.waiting;
  return stats;
}

}  // namespace answerable::intake
