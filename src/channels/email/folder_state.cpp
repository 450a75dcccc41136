#include "channels/email/folder_state.h"

namespace answerable::channels {

Result<std::optional<CheckedState>> find_checked_state(store::Session& session, const Place& place) {
  return session.find(
      "select checked_exists, checked_next_uid, checked_modseq, checked_at from channel_cursors where workspace_id = "
      "$1 and channel_id = $2 and source = $3 and validity = $4 and checked_at > 0",
      {place.channel.workspace, place.channel.id, place.source, place.validity}, [&](const store::Row& row) {
        const FolderState state{place.validity, static_cast<std::uint32_t>(row.integer(0)),
                                static_cast<std::uint32_t>(row.integer(1)), row.integer(2)};
        return CheckedState{state, row.time(3)};
      });
}

Status remember_checked_state(store::Transaction& tx, const Place& place, const CheckedState& checked) {
  TRY_STATUS(tx.execute(
      "update channel_cursors set checked_exists = $5, checked_next_uid = $6, checked_modseq = $7, "
      "checked_at = $8 where workspace_id = $1 and channel_id = $2 and source = $3 and validity = $4",
      {place.channel.workspace, place.channel.id, place.source, place.validity, std::int64_t{checked.state.exists},
       std::int64_t{checked.state.next_uid}, checked.state.modseq, checked.at}));
  return {};
}

}  // namespace answerable::channels
