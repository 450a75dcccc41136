#include "conversations/schema.h"

#include <array>

namespace answerable::conversations {
namespace {

// status: 0 open, 1 snoozed, 2 closed. direction: 0 inbound, 1 outbound, 2 note. An assignee of 16 zero bytes is nobody
// (not NULL, so that both engines follow the index's order). Lists of strings (tags, to, cc) are lines.
// conversation_counts is maintained by every change of status or assignee, so that each list has a true total without
// counting. messages.external_key: match_key.h. The indexes of conversations serve, in order: every view's keyset
// order; mine and unassigned; snoozed and closed (an open one is not in it); a channel; a contact's conversations; a
// channel's own threads; the timer.
constexpr std::string_view tables = R"sql(
create table contacts (
  workspace_id bytea not null,
  id bytea not null,
  name text not null,
  name_key text not null,
  note text not null,
  created_at bigint not null,
  primary key (workspace_id, id)
);
create table identities (
  workspace_id bytea not null,
  kind text not null,
  address_key text not null,
  contact_id bytea not null,
  address text not null,
  verified bigint not null,
  primary key (workspace_id, kind, address_key)
);
create index identities_by_contact on identities (workspace_id, contact_id);
create table conversations (
  workspace_id bytea not null,
  id bytea not null,
  number bigint not null,
  channel_id bytea not null,
  channel_kind text not null,
  contact_id bytea not null,
  contact_name text not null,
  contact_address text not null,
  subject text not null,
  status bigint not null,
  snoozed_until bigint,
  assignee_id bytea not null,
  preview text not null,
  last_message_id bytea not null,
  last_message_at bigint not null,
  last_message_direction bigint not null,
  unread bigint not null,
  message_count bigint not null,
  tags text not null,
  thread_key text not null,
  version bigint not null,
  created_at bigint not null,
  primary key (workspace_id, id)
);
create index conversations_newest on conversations (workspace_id, last_message_at, id);
create index conversations_assigned on conversations (workspace_id, assignee_id, status, last_message_at, id);
create index conversations_resting on conversations (workspace_id, status, last_message_at, id) where status <> 0;
create index conversations_of_channel on conversations (workspace_id, channel_id, last_message_at, id);
create index conversations_of_contact on conversations (workspace_id, contact_id, id);
create unique index conversations_by_thread on conversations (workspace_id, channel_id, thread_key)
  where thread_key <> '';
create index conversations_to_wake on conversations (snoozed_until) where status = 1;
create table conversation_numbers (
  workspace_id bytea not null primary key,
  last_number bigint not null
);
create table conversation_counts (
  workspace_id bytea not null,
  status bigint not null,
  assignee_id bytea not null,
  channel_id bytea not null,
  amount bigint not null,
  primary key (workspace_id, status, assignee_id, channel_id)
);
create table messages (
  workspace_id bytea not null,
  conversation_id bytea not null,
  position bigint not null,
  id bytea not null,
  direction bigint not null,
  author_kind text not null,
  author_id text not null,
  author_name text not null,
  from_address text not null,
  recipients text not null,
  copies text not null,
  subject text not null,
  body text not null,
  reply_text text,
  html text not null,
  language text not null,
  external_id text not null,
  external_key bytea,
  raw_key text not null,
  sent_at bigint not null,
  created_at bigint not null,
  auto_submitted bigint not null,
  attachment_count bigint not null,
  closed_conversation bigint not null,
  cancelled bigint not null,
  primary key (workspace_id, conversation_id, position)
);
create unique index messages_by_id on messages (workspace_id, id);
create index messages_by_external_key on messages (workspace_id, external_key) where external_key is not null;
create table attachments (
  workspace_id bytea not null,
  id bytea not null,
  message_id bytea,
  uploader text not null,
  ordinal bigint not null,
  filename text not null,
  content_type text not null,
  size bigint not null,
  inline bigint not null,
  content_id text not null,
  blob bytea not null,
  created_at bigint not null,
  primary key (workspace_id, id)
);
create index attachments_by_message on attachments (workspace_id, message_id, ordinal) where message_id is not null;
create table conversation_tags (
  workspace_id bytea not null,
  tag text not null,
  conversation_id bytea not null,
  primary key (workspace_id, tag, conversation_id)
);
create table tag_counts (
  workspace_id bytea not null,
  tag text not null,
  amount bigint not null,
  primary key (workspace_id, tag)
);
create table drafts (
  workspace_id bytea not null,
  conversation_id bytea not null,
  user_id bytea not null,
  kind text not null,
  body text not null,
  updated_at bigint not null,
  primary key (workspace_id, conversation_id, user_id)
);
)sql";

// origin.h and suggestion.h have the words. What joined another conversation has no row in conversations any more; a
// decision of '' is open. suggested_id: the target while the suggestion is open.
constexpr std::string_view origins = R"sql(
alter table messages add column authentication text not null default '';
alter table messages add column evidence text not null default '';
alter table messages add column joined_by text not null default '';
alter table messages add column joined_detail text not null default '';
alter table messages add column joined_from_id bytea;
alter table messages add column same_as_id bytea;
alter table conversations add column suggested_id bytea;
create index conversations_suggested on conversations (workspace_id, suggested_id) where suggested_id is not null;
create table join_suggestions (
  workspace_id bytea not null,
  conversation_id bytea not null,
  target_id bytea not null,
  message_id bytea not null,
  found_by text not null,
  weakness text not null,
  decision text not null,
  agent_id bytea not null,
  decided_at bigint,
  created_at bigint not null,
  primary key (workspace_id, conversation_id)
);
create index join_suggestions_of_target on join_suggestions (workspace_id, target_id) where decision = '';
create table joined_conversations (
  workspace_id bytea not null,
  id bytea not null,
  target_id bytea not null,
  number bigint not null,
  subject text not null,
  channel_id bytea not null,
  contact_id bytea not null,
  tags text not null,
  first_position bigint not null,
  message_count bigint not null,
  created_at bigint not null,
  agent_id bytea not null,
  joined_at bigint not null,
  primary key (workspace_id, id)
);
create index joined_conversations_of_target on joined_conversations (workspace_id, target_id);
)sql";

// participants.h: who got a message in blind copy; whether it is of a third party; what it passes on. shown_lines:
// fold_message.h. ended_snooze: until when the conversation slept that this reply closed. conversations.third_parties:
// whether participants need to be told apart at all.
constexpr std::string_view recipients = R"sql(
alter table messages add column blind_copies text not null default '';
alter table messages add column third_party bigint not null default 0;
alter table messages add column forwarded_id bytea;
alter table messages add column shown_lines bigint;
alter table messages add column ended_snooze bigint;
alter table conversations add column third_parties bigint not null default 0;
)sql";

// messages.withheld: withheld.h. `asked_of` is the id text of its author.
constexpr std::string_view reviews = R"sql(
alter table messages add column withheld bigint not null default 0;
alter table messages add column findings bigint not null default 0;
create table reviews (
  workspace_id bytea not null,
  message_id bytea not null,
  is_outbound bigint not null,
  asked_of text not null,
  asked_at bigint not null,
  decided_at bigint,
  decided_by text not null default '',
  outcome text not null default '',
  reason text not null default '',
  primary key (workspace_id, message_id)
);
create index reviews_waiting on reviews (workspace_id, asked_at, message_id) where decided_at is null;
)sql";

// What was taken down and is held; the row goes when it is put back.
constexpr std::string_view removals = R"sql(
create table removed_messages (
  workspace_id bytea not null,
  message_id bytea not null,
  original bytea not null,
  withheld bigint not null,
  reason text not null,
  removed_by text not null,
  removed_at bigint not null,
  primary key (workspace_id, message_id)
);
)sql";

// Before the table was that of access (access/overwritten.h), to which its rows have gone.
constexpr std::string_view overwritten = R"sql(
create table overwritten (
  workspace_id bytea not null,
  seq bigint not null,
  field text not null,
  before text not null,
  after text not null,
  kept_at bigint not null,
  primary key (workspace_id, seq, field)
);
create index overwritten_by_age on overwritten (kept_at);
)sql";

constexpr std::string_view overwritten_moved = R"sql(
insert into overwritten_fields (workspace_id, seq, field, before, after, kept_at)
  select workspace_id, seq, field, before, after, kept_at from overwritten;
drop table overwritten;
)sql";

// The full-text index. Both hold words that we have folded ourselves (search_words.h), so that both find the same.
// SQLite: terms.rowid = slot << 40 | seq, so that a workspace is a range of rows and newest first is the order of rows.
constexpr std::array migrations{
    store::Migration{.name = "conversations/0001", .sql = tables},
    store::Migration{.name = "conversations/0002-search",
                     .sql = R"sql(
create table search_documents (
  workspace_id bytea not null,
  seq bigint not null,
  message_id bytea not null,
  conversation_id bytea not null,
  primary key (workspace_id, seq)
);
create table search_slots (
  workspace_id bytea not null primary key,
  slot bigint not null unique
);
)sql",
                     .sqlite_only = R"sql(
create virtual table search_terms using fts5(words, content='', columnsize=0, tokenize='ascii');
)sql",
                     .postgres_only = R"sql(
create table search_terms (
  workspace_id bytea not null,
  seq bigint not null,
  words tsvector not null,
  primary key (workspace_id, seq)
);
create index search_terms_words on search_terms using gin (words);
)sql"},
    store::Migration{.name = "conversations/0003-unattached",
                     .sql = "create index attachments_unattached on attachments (created_at) where message_id is null"},
    store::Migration{.name = "conversations/0004-quotes",
                     .sql = "alter table contacts add column shows_quotes bigint not null default 0"},
    store::Migration{.name = "conversations/0005-origins", .sql = origins},
    store::Migration{.name = "conversations/0006-recipients", .sql = recipients},
    store::Migration{.name = "conversations/reviews", .sql = reviews},
    store::Migration{.name = "conversations/removals", .sql = removals},
    store::Migration{.name = "conversations/storage-usage",  // what was there before it was counted
                     .sql = "insert into storage_usage (workspace_id, bytes) "
                            "select workspace_id, sum(size) from attachments group by workspace_id"},
    store::Migration{.name = "conversations/overwritten", .sql = overwritten},
    store::Migration{.name = "conversations/overwritten-moved", .sql = overwritten_moved},
    // In the order in which the oldest is sought: else each look-up sorts, for which SQLite makes a table.
    store::Migration{.name = "conversations/external-key-by-age",
                     .sql =
                         "drop index messages_by_external_key;"
                         "create index messages_by_external_key on messages (workspace_id, external_key, created_at, "
                         "id) where external_key is not null"},
};

constexpr std::array columns{
    store::BlobColumn{.table = "attachments",
                      .column = "blob",
                      .page = "select workspace_id, id, blob from attachments where (workspace_id, id) > ($1, $2)"
                              " order by workspace_id, id limit $3"},
    store::BlobColumn{.table = "removed_messages",
                      .column = "original",
                      .page = "select workspace_id, message_id, original from removed_messages where (workspace_id, "
                              "message_id) > ($1, $2) order by workspace_id, message_id limit $3"}};

}  // namespace

std::span<const store::Migration> schema() { return migrations; }

std::span<const store::BlobColumn> blob_columns() { return columns; }

}  // namespace answerable::conversations
