#include "channels/email/mailbox_items.h"

#include "base/log.h"

namespace answerable::channels {

std::string source_name(const MailServer& server, const std::string& folder) {
  return server.user + "@" + server.host + ":" + std::to_string(server.port) + "/" + folder;
}

Status advance(store::Transaction& tx, const Place& place, std::int64_t from, std::int64_t to) {
  TRY(auto moved,
      tx.execute(
          "update channel_cursors set position = $6, updated_at = $7 where workspace_id = $1 and channel_id = $2 "
          "and source = $3 and validity = $4 and position = $5",
          {place.channel.workspace, place.channel.id, place.source, place.validity, from, to, tx.now()}));
  if (moved != 1) return fail(ErrorKind::conflict, "imap_cursor_moved", "Another reader of this mailbox was faster.");
  return {};
}

Result<std::uint32_t> open_cursor(store::Database& database, const Place& place) {
  return database.write([&](store::Transaction& tx) -> Result<std::uint32_t> {
    TRY(auto known, tx.find("select validity, position from channel_cursors where workspace_id = $1 and channel_id = "
                            "$2 and source = $3",
                            {place.channel.workspace, place.channel.id, place.source},
                            [](const store::Row& row) { return std::pair(row.integer(0), row.integer(1)); }));
    if (known && known->first == place.validity) return static_cast<std::uint32_t>(known->second);
    if (known) log::warning("imap_uidvalidity_changed", {{"channel", place.channel.id.text()}});
    TRY_STATUS(
        tx.execute("insert into channel_cursors (workspace_id, channel_id, source, validity, position, updated_at) "
                   "values ($1, $2, $3, $4, 0, $5) on conflict (workspace_id, channel_id, source) do update set "
                   "validity = excluded.validity, position = 0, checked_at = 0, updated_at = excluded.updated_at",
                   {place.channel.workspace, place.channel.id, place.source, place.validity, tx.now()}));
    return std::uint32_t{0};
  });
}

Result<std::uint32_t> read_cursor(store::Session& session, const Place& place) {
  TRY(auto position,
      session.find("select position from channel_cursors where workspace_id = $1 and channel_id = $2 and source = $3 "
                   "and validity = $4",
                   {place.channel.workspace, place.channel.id, place.source, place.validity},
                   [](const store::Row& row) { return static_cast<std::uint32_t>(row.integer(0)); }));
  return position.value_or(0);
}

Status note_item(store::Transaction& tx, const Place& place, std::uint32_t uid, ItemOutcome outcome, bool is_due) {
  TRY_STATUS(tx.execute(
      "insert into mailbox_items (workspace_id, channel_id, source, validity, uid, outcome, is_due) values ($1, $2, "
      "$3, $4, $5, $6, $7) on conflict (workspace_id, channel_id, source, validity, uid) do update set outcome = "
      "excluded.outcome, is_due = excluded.is_due",
      {place.channel.workspace, place.channel.id, place.source, place.validity, std::int64_t{uid},
       std::int64_t{std::to_underlying(outcome)}, is_due}));
  return {};
}

Result<std::vector<std::pair<std::uint32_t, ItemOutcome>>> list_items(store::Session& session, const Place& place) {
  return session.all(
      "select uid, outcome from mailbox_items where workspace_id = $1 and channel_id = $2 and source = $3 and validity "
      "= $4 order by uid",
      {place.channel.workspace, place.channel.id, place.source, place.validity}, [](const store::Row& row) {
        return std::pair(static_cast<std::uint32_t>(row.integer(0)), static_cast<ItemOutcome>(row.integer(1)));
      });
}

Result<std::vector<std::uint32_t>> due_items(store::Session& session, const Place& place) {
  return session.all(
      "select uid from mailbox_items where workspace_id = $1 and channel_id = $2 and source = $3 and validity = $4 and "
      "is_due = 1 order by uid limit $5",
      {place.channel.workspace, place.channel.id, place.source, place.validity, due_at_once_max},
      [](const store::Row& row) { return static_cast<std::uint32_t>(row.integer(0)); });
}

Status settle_items(store::Transaction& tx, const Place& place, const std::vector<std::uint32_t>& uids) {
  for (auto uid : uids)
    TRY_STATUS(
        tx.execute("update mailbox_items set is_due = 0 where workspace_id = $1 and channel_id = $2 and source = $3 "
                   "and validity = $4 and uid = $5",
                   {place.channel.workspace, place.channel.id, place.source, place.validity, std::int64_t{uid}}));
  return {};
}

}  // namespace answerable::channels
