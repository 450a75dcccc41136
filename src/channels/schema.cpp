#include "channels/schema.h"

#include <array>

namespace answerable::channels {

namespace {

constexpr std::string_view tables = R"sql(
create table webchat_visitors (
  workspace_id bytea not null,
  id bytea not null,
  channel_id bytea not null,
  subject text,
  name text not null,
  email text not null,
  last_seq bigint not null,
  seen_seq bigint not null,
  created_at bigint not null,
  primary key (workspace_id, id));
create unique index webchat_visitors_by_subject on webchat_visitors (workspace_id, channel_id, subject);
create table webchat_tokens (
  token_hash bytea not null primary key,
  workspace_id bytea not null,
  channel_id bytea not null,
  visitor_id bytea not null,
  expires_at bigint not null);
create index webchat_tokens_by_visitor on webchat_tokens (workspace_id, visitor_id);
create table webchat_transcript (
  workspace_id bytea not null,
  visitor_id bytea not null,
  seq bigint not null,
  direction text not null,
  client_id text,
  message_id bytea,
  text text not null,
  author text not null,
  files text not null,
  at bigint not null,
  primary key (workspace_id, visitor_id, seq));
create unique index webchat_transcript_by_client_id on webchat_transcript (workspace_id, visitor_id, client_id);
create unique index webchat_transcript_by_message on webchat_transcript (workspace_id, message_id);
create table webchat_files (
  workspace_id bytea not null,
  id bytea not null,
  visitor_id bytea not null,
  filename text not null,
  content_type text not null,
  size bigint not null,
  blob bytea not null,
  created_at bigint not null,
  primary key (workspace_id, id));
create index webchat_files_by_visitor on webchat_files (workspace_id, visitor_id, created_at);
create table channel_cursors (
  workspace_id bytea not null,
  channel_id bytea not null,
  source text not null,
  validity bigint not null,
  position bigint not null,
  updated_at bigint not null,
  primary key (workspace_id, channel_id, source));
)sql";

constexpr std::string_view team_seen = R"sql(
alter table webchat_visitors add column team_seen_seq bigint not null default 0;
)sql";

// attached: some line of the transcript names the file. For collection (webchat/collect.h).
constexpr std::string_view collection = R"sql(
alter table webchat_files add column attached bigint not null default 0;
create index webchat_files_unattached on webchat_files (created_at) where attached = 0;
create index webchat_tokens_by_end on webchat_tokens (expires_at);
create index webchat_visitors_silent on webchat_visitors (created_at) where last_seq = 0;
)sql";

constexpr std::string_view attached_sqlite = R"sql(
update webchat_files set attached = 1 where exists (
  select 1 from webchat_transcript t
  where t.workspace_id = webchat_files.workspace_id and t.visitor_id = webchat_files.visitor_id
    and instr(replace(t.files, '-', ''), lower(hex(webchat_files.id))) > 0);
)sql";

constexpr std::string_view attached_postgres = R"sql(
update webchat_files set attached = 1 where exists (
  select 1 from webchat_transcript t
  where t.workspace_id = webchat_files.workspace_id and t.visitor_id = webchat_files.visitor_id
    and strpos(replace(t.files, '-', ''), encode(webchat_files.id, 'hex')) > 0);
)sql";

// Each UID that was taken from a folder (email/mailbox_items.h).
constexpr std::string_view items_sqlite = R"sql(
create table mailbox_items (
  workspace_id bytea not null,
  channel_id bytea not null,
  source text not null,
  validity bigint not null,
  uid bigint not null,
  outcome bigint not null,
  is_due bigint not null,
  primary key (workspace_id, channel_id, source, validity, uid)) without rowid;
create index mailbox_items_due on mailbox_items (workspace_id, channel_id, source, validity, uid) where is_due = 1;
)sql";

constexpr std::string_view items_postgres = R"sql(
create table mailbox_items (
  workspace_id bytea not null,
  channel_id bytea not null,
  source text not null,
  validity bigint not null,
  uid bigint not null,
  outcome bigint not null,
  is_due bigint not null,
  primary key (workspace_id, channel_id, source, validity, uid));
create index mailbox_items_due on mailbox_items (workspace_id, channel_id, source, validity, uid) where is_due = 1;
)sql";

// Each mail that was taken by POP3 and is still there (email/pop3_items.h).
constexpr std::string_view pop3_items_sqlite = R"sql(
create table pop3_items (
  workspace_id bytea not null,
  channel_id bytea not null,
  source text not null,
  uid text not null,
  bytes bigint not null,
  outcome bigint not null,
  is_due bigint not null,
  primary key (workspace_id, channel_id, source, uid)) without rowid;
)sql";

constexpr std::string_view pop3_items_postgres = R"sql(
create table pop3_items (
  workspace_id bytea not null,
  channel_id bytea not null,
  source text not null,
  uid text not null,
  bytes bigint not null,
  outcome bigint not null,
  is_due bigint not null,
  primary key (workspace_id, channel_id, source, uid));
)sql";

// Authorisations under way (oauth/authorisation.h).
constexpr std::string_view authorisations = R"sql(
create table channel_authorisations (
  workspace_id bytea not null,
  user_id bytea not null,
  channel_id bytea not null,
  state_hash bytea not null,
  sealed bytea not null,
  expires_at bigint not null,
  primary key (workspace_id, user_id, channel_id));
)sql";

// What a folder was when it was last found complete (email/folder_state.h); checked_at 0: never.
constexpr std::string_view checked_states = R"sql(
alter table channel_cursors add column checked_exists bigint not null default 0;
alter table channel_cursors add column checked_next_uid bigint not null default 0;
alter table channel_cursors add column checked_modseq bigint not null default 0;
alter table channel_cursors add column checked_at bigint not null default 0;
)sql";

constexpr std::array migrations{
    store::Migration{"channels/0001", tables},
    store::Migration{"channels/0002-team-seen", team_seen},
    store::Migration{"channels/0003-collection", collection, attached_sqlite, attached_postgres},
    store::Migration{"channels/0004-mailbox-items", "", items_sqlite, items_postgres},
    store::Migration{"channels/0005-pop3-items", "", pop3_items_sqlite, pop3_items_postgres},
    store::Migration{"channels/0006-authorisations", authorisations},
    store::Migration{"channels/0007-checked-states", checked_states}};

constexpr std::array columns{
    store::BlobColumn{.table = "webchat_files",
                      .column = "blob",
                      .page = "select workspace_id, id, blob from webchat_files where (workspace_id, id) > ($1, $2)"
                              " order by workspace_id, id limit $3"}};

}  // namespace

std::span<const store::Migration> schema() { return migrations; }

std::span<const store::BlobColumn> blob_columns() { return columns; }

}  // namespace answerable::channels
