#include "outbox/schema.h"

#include <array>

namespace answerable::outbox {
namespace {

// state: the numbers of delivery_row.h; below 10 it still may go. payload: payload.h. rendered: what every attempt
// sends, in the row or (large) in the blob store; dropped when the other side has taken it.
constexpr std::array migrations{store::Migration{.name = "outbox/0001", .sql = R"sql(
create table deliveries (
  workspace_id bytea not null,
  id bytea not null,
  message_id bytea not null,
  conversation_id bytea not null,
  channel_id bytea not null,
  sequence bigint not null,
  recipient text not null,
  state bigint not null,
  attempts bigint not null,
  ambiguous_attempts bigint not null,
  first_due_at bigint not null,
  next_attempt_at bigint not null,
  undo_until bigint,
  lease_holder text not null,
  lease_until bigint not null,
  fence bigint not null,
  begun bigint not null,
  external_id text not null,
  last_error text not null,
  created_at bigint not null,
  settled_at bigint,
  payload bytea not null,
  rendered bytea,
  rendered_blob bytea,
  primary key (workspace_id, id)
);
create unique index deliveries_by_message on deliveries (workspace_id, message_id);
create index deliveries_by_state on deliveries (workspace_id, state, id);
create index deliveries_by_external_id on deliveries (workspace_id, external_id) where external_id <> '';
create index deliveries_due on deliveries (next_attempt_at, id) where state = 0;
create index deliveries_leased on deliveries (lease_until) where state = 1;
create index deliveries_held on deliveries (workspace_id, id) where state = 2;
create index deliveries_waiting on deliveries (workspace_id, conversation_id, sequence) where state < 10;
create table delivery_attempts (
  workspace_id bytea not null,
  delivery_id bytea not null,
  attempt bigint not null,
  at bigint not null,
  result text not null,
  detail text not null,
  primary key (workspace_id, delivery_id, attempt)
);
)sql"},
                                store::Migration{.name = "outbox/0002-rendered-blobs", .sql = R"sql(
create index deliveries_rendered_blobs on deliveries (workspace_id, id, rendered_blob) where rendered_blob is not null;
)sql"},
                                // Until now only a visitor who had read a message made it `delivered`.
                                store::Migration{.name = "outbox/0003-seen", .sql = R"sql(
alter table deliveries add column seen_at bigint;
update deliveries set seen_at = settled_at where state = 11;
)sql"},
                                store::Migration{.name = "outbox/0004-recipient-results", .sql = R"sql(
alter table deliveries add column recipient_results text not null default '';
)sql"},
                                // 1: waits for a reviewer; 2: a reviewer has rejected it; 3 and 4: taken down, and
                                // was 0 or 1 before.
                                store::Migration{.name = "outbox/reviews", .sql = R"sql(
alter table deliveries add column review bigint not null default 0;
)sql"}};

// What a payload names are attachments of its message, whose rows stay as long.
constexpr std::array columns{
    store::BlobColumn{.table = "deliveries",
                      .column = "rendered_blob",
                      .page = "select workspace_id, id, rendered_blob from deliveries where rendered_blob is not null"
                              " and (workspace_id, id) > ($1, $2) order by workspace_id, id limit $3"}};

}  // namespace

std::span<const store::Migration> schema() { return migrations; }

std::span<const store::BlobColumn> blob_columns() { return columns; }

}  // namespace answerable::outbox
