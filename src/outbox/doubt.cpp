#include "outbox/doubt.h"

#include "outbox/delivery_row.h"

namespace answerable::outbox {
namespace {

constexpr std::string_view why = "The database was restored from a backup: this may have left before.";

Result<std::vector<DeliveryId>> waiting(store::Session& session, WorkspaceId workspace) {
  return session.all(
      "select id from deliveries where workspace_id = $1 and (state in (0, 1) or (state = 2 and review = 0)) "
      "order by id",
      {workspace}, [](const store::Row& row) { return row.id<DeliveryId>(0); });
}

Status doubt(store::Transaction& tx, DeliveryRow row) {
  ++row.attempts;  // a line of its own in the log
  TRY_STATUS(
      tx.execute("update deliveries set state = 13, attempts = $3, last_error = $4, settled_at = $5, lease_holder = "
                 "'', lease_until = 0, begun = 0, fence = fence + 1 where workspace_id = $1 and id = $2",
                 {row.workspace, row.id, row.attempts, why, tx.now()}));
  TRY_STATUS(add_attempt(tx, row, "unknown", why));
  const auto actor = access::system_actor(row.workspace);
  TRY_STATUS(tell_changed(tx, actor, row));
  TRY_STATUS(let_next_go(tx, row));
  return enter(tx, actor, "delivery.unknown", row, {{"reason", "restored"}});
}

}  // namespace

Result<std::int64_t> doubt_waiting(store::Transaction& tx, WorkspaceId workspace, const LeavesUs& leaves_us) {
  std::int64_t doubted = 0;
  TRY(const auto ids, waiting(tx, workspace));
  for (const auto id : ids) {
    TRY(const auto row, find_row(tx, workspace, id));
    if (!row || !leaves_us(workspace, row->channel)) continue;
    TRY_STATUS(doubt(tx, *row));
    ++doubted;
  }
  return doubted;
}

}  // namespace answerable::outbox
