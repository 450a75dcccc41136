#include "intake/schema.h"

#include <array>

namespace answerable::intake {

namespace {

constexpr std::string_view tables = R"sql(
create table channels (
  workspace_id bytea not null,
  id bytea not null,
  kind text not null,
  name text not null,
  address text not null,
  state text not null,
  state_detail text not null,
  config text not null,
  secrets bytea not null,
  version bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (workspace_id, id));
create table channel_addresses (
  address_key text not null primary key,
  workspace_id bytea not null,
  channel_id bytea not null);
create index channel_addresses_by_channel on channel_addresses (workspace_id, channel_id);
create table channel_counters (
  workspace_id bytea not null,
  channel_id bytea not null,
  appended bigint not null,
  duplicates bigint not null,
  bounces bigint not null,
  loops bigint not null,
  quarantined bigint not null,
  held bigint not null,
  last_received_at bigint not null,
  last_lag_ms bigint not null,
  primary key (workspace_id, channel_id));
create table spool (
  workspace_id bytea not null,
  id bytea not null,
  channel_id bytea not null,
  channel_kind text not null,
  external_key text not null,
  envelope_from text not null,
  envelope_to text not null,
  peer text not null,
  received_at bigint not null,
  size bigint not null,
  blob bytea,
  raw bytea,
  primary key (workspace_id, id));
create table quarantine (
  workspace_id bytea not null,
  id bytea not null,
  channel_id bytea not null,
  received_at bigint not null,
  quarantined_at bigint not null,
  size bigint not null,
  reason text not null,
  detail text not null,
  sender text not null,
  subject text not null,
  primary key (workspace_id, id));
)sql";

// Small rows under a key that is the whole row: in SQLite one tree instead of two.
constexpr std::string_view keyed_sqlite = R"sql(
create table spool_pending (
  workspace_id bytea not null,
  spool_id bytea not null,
  channel_id bytea not null,
  is_replay bigint not null,
  primary key (workspace_id, spool_id)) without rowid;
create table inbound_keys (
  workspace_id bytea not null,
  key bytea not null,
  spool_id bytea not null,
  primary key (workspace_id, key)) without rowid;
)sql";

constexpr std::string_view keyed_postgres = R"sql(
create table spool_pending (
  workspace_id bytea not null,
  spool_id bytea not null,
  channel_id bytea not null,
  is_replay bigint not null,
  primary key (workspace_id, spool_id));
create table inbound_keys (
  workspace_id bytea not null,
  key bytea not null,
  spool_id bytea not null,
  primary key (workspace_id, key));
)sql";

constexpr std::string_view tries = R"sql(
alter table spool_pending add column tries bigint not null default 0;
)sql";

// The completeness ledger (completeness.h). source_at: when the source had it, 0 where it does not say.
constexpr std::string_view completeness = R"sql(
alter table spool add column source_at bigint not null default 0;
create table source_checks (
  workspace_id bytea not null,
  channel_id bytea not null,
  source text not null,
  day bigint not null,
  checked_at bigint not null,
  validity bigint not null,
  next_uid bigint not null,
  at_source bigint not null,
  stored bigint not null,
  withheld bigint not null,
  noticed bigint not null,
  waiting bigint not null,
  missing bigint not null,
  gone bigint not null,
  missing_names text not null,
  primary key (workspace_id, channel_id, source, day));
create table channel_days (
  workspace_id bytea not null,
  channel_id bytea not null,
  day bigint not null,
  way text not null,
  stored bigint not null,
  repeated bigint not null,
  told bigint not null,
  refused bigint not null,
  primary key (workspace_id, channel_id, day, way));
create table channel_delays (
  workspace_id bytea not null,
  channel_id bytea not null,
  day bigint not null,
  stage bigint not null,
  bucket bigint not null,
  arrivals bigint not null,
  primary key (workspace_id, channel_id, day, stage, bucket));
)sql";

// For sweeps: most rows have their bytes in themselves, and are long.
constexpr std::string_view spool_blobs = R"sql(
create index spool_blobs on spool (workspace_id, id, blob) where blob is not null;
)sql";

// Who was told automatically that a message is here (acknowledgement.h).
constexpr std::string_view acknowledgements = R"sql(
create table acknowledgements (
  workspace_id bytea not null,
  channel_id bytea not null,
  address_key text not null,
  sent_at bigint not null,
  primary key (workspace_id, channel_id, address_key));
create index acknowledgements_of_channel on acknowledgements (workspace_id, channel_id, sent_at);
create index acknowledgements_old on acknowledgements (sent_at);
)sql";

// Which node has it understood; empty: nobody yet.
constexpr std::string_view owners = R"sql(
alter table spool_pending add column node text not null default '';
)sql";

constexpr std::array migrations{store::Migration{"intake/0001", tables, keyed_sqlite, keyed_postgres},
                                store::Migration{"intake/0002-tries", tries},
                                store::Migration{"intake/0003-spool-blobs", spool_blobs},
                                store::Migration{"intake/0004-completeness", completeness},
                                store::Migration{"intake/0005-acknowledgements", acknowledgements},
                                store::Migration{"intake/0006-owners", owners}};

// What a web chat's arrival names in its raw bytes is a file of the transcript, whose row stays as long.
constexpr std::array columns{
    store::BlobColumn{.table = "spool",
                      .column = "blob",
                      .page = "select workspace_id, id, blob from spool where blob is not null"
                              " and (workspace_id, id) > ($1, $2) order by workspace_id, id limit $3"}};

}  // namespace

std::span<const store::Migration> schema() { return migrations; }

std::span<const store::BlobColumn> blob_columns() { return columns; }

}  // namespace answerable::intake
