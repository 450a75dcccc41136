#include "cluster/lease.h"

namespace answerable::cluster {

Result<std::optional<Lease>> claim_lease(store::Transaction& tx, std::string_view name, std::string_view holder,
                                         std::int64_t duration_ms) {
  auto now = tx.now();
  return tx.find(
      "insert into leases (name, holder, fence, ends_at) values ($1, $2, 1, $3)"
      " on conflict (name) do update set holder = excluded.holder, ends_at = excluded.ends_at,"
      " fence = case when leases.holder = excluded.holder and leases.ends_at > $4 then leases.fence"
      " else leases.fence + 1 end"
      " where leases.holder = excluded.holder or leases.ends_at <= $4 returning fence, ends_at",
      {name, holder, now + duration_ms, now},
      [](const store::Row& row) { return Lease{.fence = row.integer(0), .until = row.time(1)}; });
}

Status release_lease(store::Transaction& tx, std::string_view name, std::string_view holder) {
  TRY_STATUS(tx.execute("update leases set ends_at = 0 where name = $1 and holder = $2", {name, holder}));
  return {};
}

}  // namespace answerable::cluster
