#include "outbox/review.h"

#include "base/utf8.h"

namespace answerable::outbox {
namespace {

constexpr std::size_t reason_bytes_max = 500;
constexpr std::string_view taken_down = "taken down";

}  // namespace

Status end_review(store::Transaction& tx, const access::Actor& actor, MessageId message, bool is_released,
                  std::string_view reason) {
  TRY(const auto row, find_row_of(tx, actor.workspace, message));
  if (!row) return fail(ErrorKind::not_found, "no_delivery", "This message does not leave.");
  const auto state = is_released ? DeliveryState::queued : DeliveryState::failed;
  std::optional<Time> settled;
  if (!is_released) settled = tx.now();
  TRY(const auto changed,
      tx.execute("update deliveries set state = $3, review = $4, next_attempt_at = $5, first_due_at = $5, settled_at "
                 "= $6, last_error = $7 where workspace_id = $1 and id = $2 and state = 2 and review = 1",
                 {row->workspace, row->id, to_stored(state), is_released ? 0 : 2, tx.now(), settled,
                  one_line(to_valid_utf8(reason), reason_bytes_max)}));
  if (changed == 0) return fail(ErrorKind::conflict, "not_in_review", "It does not wait for a review (any more).");
  if (!is_released) TRY_STATUS(let_next_go(tx, *row));
  return tell_changed(tx, actor, *row);
}

Status stop_delivery(store::Transaction& tx, WorkspaceId workspace, MessageId message) {
  TRY(const auto row, find_row_of(tx, workspace, message));
  if (!row) return {};
  TRY_STATUS(
      tx.execute("update deliveries set review = case when review = 0 then 3 when review = 1 then 4 else review end "
                 "where workspace_id = $1 and id = $2",
                 {workspace, row->id}));
  TRY_STATUS(
      tx.execute("update deliveries set state = 12, settled_at = $3, last_error = $4 "
                 "where workspace_id = $1 and id = $2 and (state in (0, 2) or (state = 1 and begun = 0))",
                 {workspace, row->id, tx.now(), taken_down}));
  return let_next_go(tx, *row);
}

Status resume_delivery(store::Transaction& tx, WorkspaceId workspace, MessageId message) {
  TRY(const auto row, find_row_of(tx, workspace, message));
  if (!row) return {};
  TRY_STATUS(
      tx.execute("update deliveries set state = case when review = 4 then 2 else 0 end, settled_at = null, "
                 "last_error = '', lease_holder = '', lease_until = 0, next_attempt_at = $3, first_due_at = $3 "
                 "where workspace_id = $1 and id = $2 and state = 12 and review in (3, 4) and last_error = $4",
                 {workspace, row->id, tx.now(), taken_down}));
  TRY_STATUS(
      tx.execute("update deliveries set review = review - 3 where workspace_id = $1 and id = $2 and review in (3, 4)",
                 {workspace, row->id}));
  return {};
}

Result<bool> is_rejected(store::Session& session, const DeliveryRow& row) {
  TRY(const auto review,
      session.number("select review from deliveries where workspace_id = $1 and id = $2", {row.workspace, row.id}));
  return review >= 2;
}

}  // namespace answerable::outbox
